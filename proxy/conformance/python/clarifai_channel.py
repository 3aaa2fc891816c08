"""Stands in for the module of this name of the official package, which no registry has: the calls the page makes."""
import os

import grpc


class ClarifaiChannel:
    @staticmethod
    def get_grpc_channel(base=None):
        """TLS to CLARIFAI_GRPC_BASE (host:port), trusting GRPC_DEFAULT_SSL_ROOTS_FILE_PATH."""
        address = base or os.environ["CLARIFAI_GRPC_BASE"]
        return grpc.secure_channel(address, grpc.ssl_channel_credentials())
