"""How the emulator puts moto right: it replaces what moto does otherwise than AWS, and adds what moto does not have."""

import functools


def patch(owner):
    """Replaces `owner`'s attribute of the function's name; the function gets the replaced one as its first argument."""

    def install(replacement):
        original = getattr(owner, replacement.__name__)

        @functools.wraps(original)
        def patched(*args, **kwargs):
            return replacement(original, *args, **kwargs)

        setattr(owner, replacement.__name__, patched)
        return patched

    return install


def add(owner):
    """Gives `owner` an attribute of the function's name, for what moto does not have at all."""

    def install(addition):
        if hasattr(owner, addition.__name__):
            raise AttributeError(f"{owner.__name__} has {addition.__name__} already: moto may do it right now")
        setattr(owner, addition.__name__, addition)
        return addition

    return install
