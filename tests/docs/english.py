"""How the project writes: one word for each thing, British spelling, whole sentences.

Each habit to leave behind is a regular expression, with what to write instead. They are looked for in
everything that is read: the words of the lessons and what their cells print, the documents, and the comments,
docstrings and sentences of the code.
"""

import ast
import io
import re
import tokenize

import nbformat

EVERYWHERE = {
    r"\bturn(s|ed|ing)? round\b": "flip (an answer, a verb, a sign)",
    r"(?<!all the )\bways? back\b|\bwalk(s|ed|ing)? back\b": "the backward pass; to send back",
    r"\b[Gg](ive|ives|iving|ave) back\b": "return",
    r"\bthe judge\b": "the check",
    r"\b[Rr]ead-outs?\b|\bthe readout (says|does|names|line)\b": "the line under the picture",
    r"\bdrawn evenly\b": "drawn uniformly",
    r"\bless the\b|\d less \d": "minus",
    r"\bfrom every seed\b": "with every seed",
    r"\bturns? the gradient\b": "change its direction",
    r"\b(step|layer|unit) more\b": "one more step",
    r"\bnumber by number\b": "entry by entry",
    r"[\d)] (a|an) (step|unit|seed|second|word|layer)\b": "per step",
    r"\b[Nn]obody\b|\b[Ww]ho(so)?ever\b": "you; no network; any cell that",
    r"\bof itself\b": "by itself",
    r"\b(is|are) to be (?!\d)": "must be; is going to be",
    r"\bwhat becomes? of\b": "what happens to",
    r"\b[Ww]hat there is to\b": "what to",
    r"(^|[.:;] )Else\b": "Otherwise",
    r"(^|[.!] )Who \w+s\b[^?.]*\.(?!\w)": "a sentence whose subject is a network, or you",
    r"\bto and fro\b": "between the two",
    r"\bpercent\b": "%, or per cent",
    r"\b[Ll]earned\b": "learnt",
    r"\bprogrammes?\b": "program",
    r"\b[Cc]olor(s|ed|ful)?\b|\b[Bb]ehavior|\b[Nn]eighbor|\b[Ff]avor|\b[Gg]ray\b": "colour, behaviour, grey",
    r"\bcenter(s|ed)?\b|\b[Ff]iber\b|\b[Mm]eters\b": "centre, fibre, metres",
    r"\b(label|model|cancel|travel|signal)(ed|ing)\b": "labelled, modelling, cancelled, travelled",
    r"\b(?!\w*[Ss]iz|[Pp]riz|[Ss]eiz)\w+iz(e|es|ed|ing|er|ers|ation|ations)\b": "-ise, -isation",
    r"\b[Aa]nalyz": "analyse",
}
IN_LESSONS = {
    r"\b([Tt]he|[Aa]|no|far|its|each|their|this|that|these) shares?\b(?! price)": "contribution; fraction",
    r"\b[Tt]he engine\b": "this course's library",
}


CODE = re.compile(r"^\S*$|=>|;\s*(\n|\}|$)|[{;]\s*[\w-]+: |^\s*@media|^(upper|lower|center) \w+$")
"""Strings that are not words: a single name, a line of JavaScript or of CSS."""


def of_notebook(path):
    """(place, words) of all that is read in a notebook; its references are quoted as they are."""
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            yield cell.id, of_markdown(cell.source.partition("**References**")[0])
            continue
        for line, words in of_python(cell.source):
            yield f"{cell.id}, line {line}", words
        for output in cell.outputs:
            yield (
                f"{cell.id}, printed",
                output.get("text", "") or output.get("data", {}).get("text/plain", ""),
            )


def of_markdown(text):
    """The words of a text, without code, formulas, addresses, what is struck out, and lines of references."""
    text = re.sub(r"^- .*\b(19|20)\d\d\b.*", "", text, flags=re.M)
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", "`code`", text, flags=re.S)
    return re.sub(r"\]\([^)]*\)|<[^>]*>|~~.*?~~", "] ", text)


def of_python(source):
    """(line, words) of the comments of a module, and of its strings that hold more than one word."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], of_markdown(token.string)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not CODE.search(node.value):
            yield node.lineno, of_markdown(node.value)


def of_script(source):
    """(line, words) of the comments of JavaScript or CSS."""
    for found in re.finditer(r"(?<![:\w])//[^\n]*|/\*.*?\*/", source, re.S):
        yield source.count("\n", 0, found.start()) + 1, of_markdown(found[0])


def read(path):
    """(place, words) of all that is read in a file."""
    if path.suffix == ".ipynb":
        return of_notebook(path)
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return of_python(source)
    if path.suffix == ".md":
        return ((f"line {n}", words) for n, words in enumerate(of_markdown_lines(source), 1))
    return of_script(source)


def of_markdown_lines(source):
    """The lines of a text, each without code; blocks of code are emptied and keep their lines."""
    source = source.partition("\n## Sources\n")[0]
    blank = re.sub(r"```.*?```", lambda block: "\n" * block[0].count("\n"), source, flags=re.S)
    return [of_markdown(line) for line in blank.split("\n")]


def slips(words, habits):
    """What of these words is a habit to leave behind: (what is written, what to write)."""
    for habit, instead in habits.items():
        for found in re.finditer(habit, words, re.M):
            yield found[0], instead
