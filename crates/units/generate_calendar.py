"""Prints src/calendar/china.rs: where China's working days differ from Monday to Friday.

Two independent packages must agree on every day, or nothing is printed:

    pip install chinesecalendar holidays
    python3 generate_calendar.py > src/calendar/china.rs

Both follow the notices of the State Council, which names the days of a year in the autumn before.
Extend LAST_YEAR only when both packages know the year: chinesecalendar raises beyond its data, but
holidays answers for any year, without swapped workdays.

Exit codes: 0 printed, 1 the packages disagree, 3 a package is missing.
"""

import datetime
import sys
from importlib.metadata import version

FIRST_YEAR = 2018
LAST_YEAR = 2026


def days():
    day = datetime.date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_YEAR:
        yield day
        day += datetime.timedelta(days=1)


def differences():
    """Days off from Monday to Friday, and working days on Saturday or Sunday."""
    import chinese_calendar
    import holidays

    other = holidays.country_holidays("CN", years=range(FIRST_YEAR, LAST_YEAR + 1))
    off, swapped, disagree = [], [], []
    for day in days():
        working = chinese_calendar.is_workday(day)
        if working != other.is_working_day(day):
            disagree.append(day.isoformat())
        if working != (day.weekday() < 5):
            (swapped if working else off).append(day)
    if disagree:
        sys.exit("the two packages disagree on " + ", ".join(disagree))
    return off, swapped


def table(name, doc, dates):
    lines = [f"/// {doc}", "#[rustfmt::skip]", f"pub(super) const {name}: &[i32] = &["]
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        row = [day.strftime("%Y%m%d") for day in dates if day.year == year]
        for start in range(0, len(row), 8):
            lines.append("    " + ", ".join(row[start : start + 8]) + ",")
    return lines + ["];"]


def main():
    try:
        off, swapped = differences()
    except ImportError as missing:
        print(f"missing package: {missing.name}", file=sys.stderr)
        sys.exit(3)
    today = datetime.date.today().isoformat()
    packages = f"chinesecalendar {version('chinesecalendar')}, holidays {version('holidays')}"
    lines = [
        "//! Where working days in China differ from Monday to Friday, "
        f"{FIRST_YEAR} to {LAST_YEAR}.",
        "//! Knows nothing of other years: days there are provisional.",
        "//!",
        f"//! Generated {today} by generate_calendar.py from {packages},",
        f"//! which agree on every day of {FIRST_YEAR} to {LAST_YEAR}. Do not edit.",
        "",
        "/// First year that the table covers.",
        f"pub(super) const FIRST_YEAR: i16 = {FIRST_YEAR};",
        "",
        "/// Last year that the table covers.",
        f"pub(super) const LAST_YEAR: i16 = {LAST_YEAR};",
        "",
    ]
    lines += table("HOLIDAYS", "Days off from Monday to Friday, as YYYYMMDD, ascending.", off)
    lines.append("")
    swapped_doc = "Working Saturdays and Sundays, as YYYYMMDD, ascending."
    lines += table("SWAPPED_WORKDAYS", swapped_doc, swapped)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
