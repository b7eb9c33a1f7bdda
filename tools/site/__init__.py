"""The lessons as pages whose labs play frames that were made beforehand: `python run.py site`."""
