"""Decides whether `recv` may return more bytes than the model asked for.

`recv(4096)` returns at most 4096 bytes on a real socket. A model that reads a VGA frame in such steps calls it 225 times,
and each call copies. Most models put each piece into a BytesIO and never look at it:

    data = connection.recv(4096)
    full_data.write(data)

Such a model cannot tell a view of the whole message from a copy of its next 4096 bytes. This file reads the source of the
code that called `recv` and looks for exactly that pattern. If the bytes are used in any other way (`len(data)`, `data += …`, a
second name), or if the source is missing or not understood, `recv` returns no more than was asked for.

This file is imported when a model first asks `recv` for less than the rest of a message, because `ast` is slow to import.
"""
import ast
import io


def only_written(frame):
    """Returns True if the bytes that the present `recv` call of `frame` returns are written to a BytesIO and not used otherwise."""
    try:
        return find_pattern(frame)
    except Exception:
        return False                # there is no source, or it has an unknown form


def find_pattern(frame):
    """Returns what only_written returns, but raises an error if the source is missing or unusual."""
    with open(frame.f_code.co_filename, 'rb') as file:
        tree = ast.parse(file.read())
    scope = scope_of(frame.f_code, tree)
    if scope is None:
        return False
    nodes = list(ast.walk(scope))
    name = assigned_name(nodes, frame.f_lineno)
    if name is None or any(name in node.names for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal))):
        return False
    uses = [node for node in nodes
            if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Store)]
    files = [node.value.func.value.id for node in nodes if is_write_of(uses, node)]
    variables = dict(frame.f_globals)
    variables.update(frame.f_locals)
    return len(uses) == len(files) > 0 and all(type(variables.get(file)) is io.BytesIO for file in files)


def scope_of(code, tree):
    """Returns the part of `tree` that was compiled to `code`: a function, or the whole module; None if several could be that."""
    if code.co_name == '<module>':
        return tree
    functions = [node for node in ast.walk(tree)
                 if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name
                 and code.co_firstlineno in [node.lineno] + [each.lineno for each in node.decorator_list]]
    return functions[0] if len(functions) == 1 else None


def assigned_name(nodes, line):
    """Returns NAME if `line` is the statement `NAME = ….recv(…)` and has no other call of recv; otherwise None."""
    if [node.lineno for node in nodes if is_recv(node)].count(line) != 1:
        return None
    names = [node.targets[0].id for node in nodes
             if isinstance(node, ast.Assign) and node.lineno == line and is_recv(node.value)
             and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)]
    return names[0] if len(names) == 1 else None


def is_recv(node):
    """Returns True if `node` is a call `….recv(…)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == 'recv'


def is_write_of(uses, node):
    """Returns True if `node` is the statement `NAME.write(USE)`, where USE is one of the nodes in `uses`."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    function, arguments = node.value.func, node.value.args
    return (isinstance(function, ast.Attribute) and function.attr == 'write' and isinstance(function.value, ast.Name)
            and len(arguments) == 1 and arguments[0] in uses and not node.value.keywords)
