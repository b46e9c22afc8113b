"""Tables of results, in Markdown."""

from experiments import rows

PUBLISHED = {  # Yu et al., 2017, table 1
    "mle": 9.038,
    "seqgan": 8.736,
}


def oracle(found):
    """Returns the lines of the table of the synthetic task: means and deviations over the seeds.

    Args:
        found: the rows of the results; of each run the last and the best step, by nll_oracle.
    """
    lines = [
        "| model | nll_oracle at the end | nll_test | distinct | best nll_oracle | nll_test there "
        "| published | seeds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        if row["model"] == "reference":
            lines.append(f"| {row['what']} | {row['nll_oracle']:.3f} | | | | | | |")
    runs = [row for row in found if row["model"] != "reference"]
    for model in dict.fromkeys(row["model"] for row in runs):
        by_seed = {}
        for row in runs:
            if row["model"] == model:
                by_seed.setdefault(row["seed"], []).append(row)
        last = [max(each, key=lambda row: row["step"]) for each in by_seed.values()]
        best = [min(each, key=lambda row: row["nll_oracle"]) for each in by_seed.values()]
        published = f"{PUBLISHED[model]:.3f}" if model in PUBLISHED else ""
        cells = [
            rows.cell([row[name] for row in steps], "{:.3f}")
            for steps, name in (
                *((last, name) for name in ("nll_oracle", "nll_test", "distinct")),
                *((best, name) for name in ("nll_oracle", "nll_test")),
            )
        ]
        cells += [
            published,
            str(len(last)),
        ]
        lines.append(f"| {model} | {' | '.join(cells)} |")
    return lines + _sweep(runs)


def _sweep(runs):
    """The lines of the temperature sweep of maximum likelihood; none without one."""
    swept = [row["sweep"] for row in runs if "sweep" in row]
    if not swept:
        return []
    lines = ["", "| temperature of mle | nll_oracle | nll_test |", "|---|---|---|"]
    for each in swept[0]:
        cells = [
            rows.cell([sweep[each][name] for sweep in swept], "{:.3f}")
            for name in ("nll_oracle", "nll_test")
        ]
        lines.append(f"| {each} | {' | '.join(cells)} |")
    return lines
