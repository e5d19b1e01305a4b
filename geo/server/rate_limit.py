"""Rate limiting: at most so many requests a minute for each key."""

import threading
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache

from geo.settings import settings

MINUTE = 60.0


class RateLimiter:
    """A sliding window of one minute for each key, with ``most`` requests in it.

    Keys without a request in it are dropped. ``clock`` returns seconds.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = {}

    def acquire(self, key: str) -> float:
        """Count a request of a key and return 0, or return the seconds to wait, uncounted."""
        with self._lock:
            now = self._clock()
            for other in [one for one, times in self._times.items() if times[-1] <= now - MINUTE]:
                del self._times[other]
            times = self._times.setdefault(key, deque(maxlen=self.most))
            if len(times) == self.most and times[0] > now - MINUTE:
                return times[0] + MINUTE - now
            times.append(now)
            return 0.0


def upload_limiter() -> RateLimiter:
    """Return the limiter of uploads per browser, set by UPLOADS_PER_MINUTE."""
    return _upload_limiter(settings().uploads_per_minute)


_upload_limiter = lru_cache(maxsize=1)(RateLimiter)
