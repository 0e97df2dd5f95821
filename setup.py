"""What pyproject.toml cannot say: `assets/` is installed inside the package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["musegan*", "pipelines*"]), "musegan.assets"],
    package_dir={"musegan.assets": "assets"},
    include_package_data=False,
    package_data={
        "musegan": ["py.typed", "ensembles/*.yaml"],
        "musegan.assets": ["models/*/*"],
        "pipelines": ["recipes/*.yaml", "recipes/*/*.yaml"],
    },
)
