"""The package imports, says what it is, and reports errors in the library's own words."""

from importlib import metadata, resources

import pytest

import mainstay


def test_the_version_is_that_of_the_installed_package():
    assert mainstay.__version__ == metadata.version("mainstay")


def test_every_public_name_is_there():
    assert all(hasattr(mainstay, name) for name in mainstay.__all__)


def test_the_package_is_typed():
    files = resources.files(mainstay)
    assert files.joinpath("py.typed").is_file()
    assert files.joinpath("_native.pyi").is_file()


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("work/big", ("work", "big")),
        ("ollama/llama3.3:70b", ("ollama", "llama3.3:70b")),
        ("openrouter/meta/llama-3.3", ("openrouter", "meta/llama-3.3")),
    ],
)
def test_a_target_splits_at_the_first_slash(text, halves):
    assert mainstay.parse_target(text) == halves


@pytest.mark.parametrize("text", ["", "work", "/big", "work/"])
def test_half_a_target_is_a_value_error_that_says_what_to_write(text):
    with pytest.raises(ValueError, match="provider/model") as raised:
        mainstay.parse_target(text)
    assert f"`{text}`" in str(raised.value)


def test_a_target_that_is_no_text_is_a_type_error():
    with pytest.raises(TypeError):
        mainstay.parse_target(7)


def test_built_in_providers_are_names_without_a_slash_and_without_repetition():
    names = mainstay.providers()
    assert all(name and "/" not in name for name in names)
    assert len(set(names)) == len(names)
