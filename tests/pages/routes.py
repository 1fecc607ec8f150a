"""Every route of the pages, those of each page's own router too."""

from fastapi.routing import APIRoute


def routes_of(app):
    """Return the routes of `app`; a kind of route that no test would walk is an error."""
    found = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(found) == len(app.routes), "a route that is walked by no test"
    return found
