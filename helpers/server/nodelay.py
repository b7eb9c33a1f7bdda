"""Send every frame at once.

jupyter_server leaves Nagle's algorithm on for the websocket of a kernel: a small message then waits
until the browser has acknowledged the one before, which it puts off for up to 40 ms. Turning the
algorithm off takes a third off the time between a drag and the picture (`python run.py bench drag`).

`run.py lab` starts JupyterLab with
`--ServerApp.kernel_websocket_connection_class=helpers.server.nodelay.NoDelayConnection`.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class NoDelayConnection(ZMQChannelsWebsocketConnection):
    """A kernel's websocket with TCP_NODELAY set."""

    def connect(self):
        """Open the channels to the kernel, as ever, on a socket that does not wait."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
