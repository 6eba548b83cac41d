"""Reads the downloads of a built site with programs that are not ours.

    python tests/downloads/verify.py public

- Every data package is valid for frictionless, the reference implementation, which reads each
  CSV file against its schema, size and hash; and it finds a file that was changed.
- Every workbook opens in openpyxl, and its tidy sheets hold the figures of figures.csv as
  numbers; Chinese text survives in both.

Exits with 1 and says what is wrong.
"""

import csv
import shutil
import sys
import tempfile
import warnings
from decimal import Decimal
from pathlib import Path

import openpyxl
from frictionless import Package

UNKNOWN = "未提供"
wrong = []


def package_errors(descriptor):
    report = Package(str(descriptor)).validate()
    return [str(error) for error in report.flatten(["message"])]


def verify_package(descriptor):
    wrong.extend(f"{descriptor}: {error}" for error in package_errors(descriptor))


def verify_that_changes_are_found(descriptor):
    """A figure changed after publishing must not pass: else the check above proves nothing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(descriptor.parent, copy)
        figures = copy / "figures.csv"
        text = figures.read_text(encoding="utf-8")
        figures.write_text(text.replace(",万元,", ",元,", 1), encoding="utf-8", newline="")
        if not package_errors(copy / descriptor.name):
            wrong.append(f"{descriptor}: a changed file was taken for the published one")


def figures_of(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {row["数据名称"]: row["数值"] for row in csv.DictReader(file)}


def verify_workbook(path):
    expected = figures_of(path.parent / "figures.csv")
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if not sheet.title.endswith("数据"):
            continue
        for row in sheet.iter_rows(min_row=2, values_only=True):
            value, name = row[6], row[8]
            if isinstance(value, str) and value != UNKNOWN:
                wrong.append(f"{path}: {name} is text: {value}")
            found[name] = value
    for name in expected.keys() | found.keys():
        if not same(expected.get(name), found.get(name)):
            wrong.append(f"{path}: {name} is {found.get(name)}, not {expected.get(name)}")


def same(text, value):
    if text in ("", UNKNOWN) or text is None:
        return (text or None) == value
    return value is not None and value != UNKNOWN and Decimal(text) == Decimal(str(value))


def main(site):
    packages = sorted(site.rglob("datapackage.json"))
    workbooks = sorted(site.rglob("disclosure.xlsx"))
    for descriptor in packages:
        verify_package(descriptor)
    for path in workbooks:
        verify_workbook(path)
    if not workbooks or len(packages) != len(workbooks) + 1:
        wrong.append(f"{len(packages)} data packages and {len(workbooks)} workbooks")
    else:
        verify_that_changes_are_found(workbooks[0].parent / "datapackage.json")
    for line in wrong:
        print(line)
    print(f"{len(packages)} data packages, {len(workbooks)} workbooks: {len(wrong)} mistakes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
