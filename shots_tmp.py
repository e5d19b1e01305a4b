import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
from tests.support.app_server import serve_app, browser_launch_args
out=Path("/tmp/finding_shots"); out.mkdir(exist_ok=True)
todo=[("card","overview","claim=nyt-03&sources=all"),("line","khmeimim","claim=khmeimim:S-400"),("zero","overview","q=heliopter"),("an124","overview","q=An-124&sources=all"),("conf","conflicts",""),("led","evidence","claim=s400-22&origin=syria-tv-drone-2024-12-12"),("days","khmeimim","")]
sizes=[(1366,768)] if len(sys.argv)<2 else [(1920,1080),(1366,768),(390,844)]
with serve_app(log=Path("/tmp/finding_shots/log.txt")) as app, sync_playwright() as p:
    b=p.chromium.launch(**browser_launch_args({}))
    for w,h in sizes:
        page=b.new_page(viewport={"width":w,"height":h})
        for name,path,q in todo:
            page.goto(app.link(path,q)); page.wait_for_timeout(3500)
            if name in("card","led"):
                page.get_by_text("Cite or copy this report").click(); page.wait_for_timeout(300)
            if name=="days": page.get_by_text("By system and day").first.scroll_into_view_if_needed()
            page.screenshot(path=str(out/f"{name}_{w}.png"))
