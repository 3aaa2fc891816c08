"""Runs Python programs that call the API, one after the other, and tells what they sent and were answered.

One JSON object a line on stdin: {"program": path, "fill": {"PAT": "…", "INPUT_ID": "…"}}: the program is run as it is
written, but for the values of these names where it assigns them.
One a line on stdout: {"error": text or null, "printed": text, "calls": [[method, request, answer]…]}, messages as
base64 of their bytes.
"""
import ast
import base64
import contextlib
import io
import json
import sys
import traceback

import grpc
from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel


class Recorder(grpc.UnaryUnaryClientInterceptor):
    def __init__(self):
        self.calls = []

    def intercept_unary_unary(self, continuation, details, request):
        call = continuation(details, request)
        sent, received = (base64.b64encode(m.SerializeToString()).decode() for m in (request, call.result()))
        self.calls.append([details.method.rsplit("/", 1)[-1], sent, received])
        return call


class Fill(ast.NodeTransformer):
    """Puts other strings in place of those the program assigns to the named variables."""

    def __init__(self, values):
        self.values = dict(values)

    def visit_Assign(self, node):
        name = node.targets[0].id if isinstance(node.targets[0], ast.Name) else None
        if name in self.values and isinstance(node.value, ast.Constant):
            node.value = ast.copy_location(ast.Constant(self.values.pop(name)), node.value)
        return node


def run(program, fill):
    recorder = Recorder()
    open_channel = ClarifaiChannel.get_grpc_channel
    printed = io.StringIO()
    error = None
    try:
        ClarifaiChannel.get_grpc_channel = staticmethod(lambda: grpc.intercept_channel(open_channel(), recorder))
        filling = Fill(fill)
        with open(program, encoding="utf8") as file:
            tree = filling.visit(ast.parse(file.read(), program))
        if filling.values:
            raise KeyError(f"the program assigns no {', '.join(filling.values)}")
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, program, "exec"), {"__name__": "__main__"})
    except Exception:
        error = traceback.format_exc()
    finally:
        ClarifaiChannel.get_grpc_channel = staticmethod(open_channel)
    return {"error": error, "printed": printed.getvalue(), "calls": recorder.calls}


for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
