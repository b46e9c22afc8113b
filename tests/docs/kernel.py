"""Runs the cells of a notebook as a kernel does: `python -m tests.docs.kernel NOTEBOOK PARAMETERS`.

PARAMETERS, a JSON object, replaces values of the cell with the tag `parameters`, as papermill does; its
`after` is a list of further cells, to run at the end. The last line of the output is "SHOWN " and JSON:
for each cell what is shown of the value of its last expression, null without one.
"""

import ast
import json
import pathlib
import re
import sys


def run(notebook, parameters):
    """Runs a notebook in the current folder; returns what its cells show."""
    after = parameters.pop("after", [])
    names, shown = {"__name__": "__main__"}, []
    for cell in json.loads(pathlib.Path(notebook).read_text())["cells"]:
        if cell["cell_type"] == "code":
            shown.append(_run_cell("".join(cell["source"]), names))
        if "parameters" in cell["metadata"].get("tags", ()):
            assert parameters.keys() <= names.keys()
            names |= parameters
    return shown + [_run_cell(each, names) for each in after]


def _run_cell(code, names):
    file = re.match(r"%%writefile (\S+)\n", code)
    if file:
        pathlib.Path(file[1]).write_text(code[file.end() :])
        return None
    *body, last = ast.parse(code).body
    is_shown = isinstance(last, ast.Expr) and not code.rstrip().endswith(";")
    body += [] if is_shown else [last]
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if is_shown else None
    draw = getattr(value, "_repr_png_", None)
    return f"png of {len(draw())} bytes" if draw else None if value is None else repr(value)


if __name__ == "__main__":
    print("SHOWN " + json.dumps(run(sys.argv[1], json.loads(sys.argv[2]))))
