"""Settings come from the environment; invalid values are reported."""

import pytest

from geo.errors import SettingsError
from geo.settings import Settings, settings
from tests.support.setting_docs import read_descriptions


def test_settings_without_an_environment_are_the_defaults(fresh_context):
    chosen = fresh_context().settings
    assert (chosen.store_url, chosen.vector_limit, chosen.upload_rows) == ("", 20_000, 500_000)


def test_settings_are_read_from_the_environment(fresh_context, tmp_path):
    chosen = fresh_context(tmp_path, VECTOR_LIMIT="7").settings
    assert (chosen.store_url, chosen.vector_limit) == (str(tmp_path), 7)


@pytest.mark.parametrize("value", ["0", "-1", "many", "", "1.5"])
def test_invalid_setting_error_has_name_value_and_remedy(fresh_context, value):
    with pytest.raises(SettingsError) as caught:
        fresh_context(VECTOR_LIMIT=value)
    assert f"vector_limit={value!r}" in str(caught.value)
    assert ".env" in str(caught.value)


def test_all_invalid_settings_are_reported_at_once(fresh_context):
    with pytest.raises(SettingsError, match=r"vector_limit.*upload_rows"):
        fresh_context(VECTOR_LIMIT="0", UPLOAD_ROWS="-1")


def test_settings_are_immutable(fresh_context):
    fresh_context()
    with pytest.raises(ValueError, match="frozen"):
        settings().vector_limit = 3


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_each_setting_has_a_description_and_numbers_a_unit(name):
    field = Settings.model_fields[name]
    description = read_descriptions()[name]
    assert not field.is_required()
    assert field.annotation is str or "Unit: " in description
