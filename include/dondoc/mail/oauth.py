"""OAuth2 for SMTP (XOAUTH2): a token given, or fetched with client credentials and kept until it runs out."""

import time
from collections.abc import Callable

import requests

from dondoc.errors import MailError, UnreachableError
from dondoc.mail.account import TokenGrant

TIMEOUT_SECONDS = 30
# A token is fetched anew this long before it runs out, so that it does not die between HELLO and AUTH.
MARGIN_SECONDS = 60


class TokenSource:
    """Gives the access token of one account, fetching a new one when the last has run out."""

    def __init__(self, grant: TokenGrant, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep `grant`; `clock` counts seconds."""
        self._grant = grant
        self._clock = clock
        self._token = ""
        self._good_until = 0.0

    def token(self) -> str:
        """Return an access token that is good now.

        Raises:
            MailError: the token server refuses the credentials.
            UnreachableError: it does not answer.
        """
        if self._grant.access_token:
            return self._grant.access_token
        if self._clock() >= self._good_until:
            answer = self._fetch()
            self._token = answer["access_token"]
            self._good_until = self._clock() + float(answer.get("expires_in", 0)) - MARGIN_SECONDS
        return self._token

    def _fetch(self) -> dict[str, str]:
        grant = self._grant
        form = {
            "grant_type": "client_credentials",
            "client_id": grant.client_id,
            "client_secret": grant.client_secret,
            "scope": grant.scope,
        }
        try:
            response = requests.post(grant.token_url, data=form, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise self._fault(UnreachableError, type(error).__name__) from error
        if response.status_code >= 500:
            raise self._fault(UnreachableError, str(response.status_code))
        try:
            answer = response.json()
        except ValueError as error:
            raise self._fault(MailError, f"{response.status_code}, không phải JSON") from error
        if response.status_code != 200 or not isinstance(answer, dict) or not answer.get("access_token"):
            raise self._fault(MailError, str(response.status_code))
        return answer

    def _fault(self, family: type[MailError | UnreachableError], what: str) -> MailError | UnreachableError:
        return family(
            f"Không lấy được mã truy cập OAuth2 ({what}).",
            where=f"máy chủ cấp mã {self._grant.token_url}",
            remedy="kiểm tra client_id, client_secret, tenant_id, scope của kết nối dondoc_smtp.",
        )


def xoauth2(login: str, token: str) -> str:
    """Return the SASL XOAUTH2 initial response, before base64."""
    return f"user={login}\x01auth=Bearer {token}\x01\x01"
