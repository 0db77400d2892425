"""What holds for every vendor, however it is reached."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, ClassVar

import pytest

from app.model.capabilities import Capability, Standing
from app.model.errors import BadInput, WrongCredentials
from tests.vendors.stage import Memory, Stage
from vendors import load
from vendors.contract import PROTOCOLS, Adapter


class AnyContract:
    """``vendor`` is its folder, ``read`` any harmless read. Subclasses bring the fixture ``stage``."""

    vendor: ClassVar[str]
    #: The credential that must be right.
    secret: ClassVar[str]

    @staticmethod
    def read(adapter: Any) -> Awaitable[Any]:
        raise NotImplementedError

    async def test_manifest_speaks_of_every_capability(self) -> None:
        manifest = load.manifest(self.vendor)
        assert [offer.capability for offer in manifest.offers] == list(Capability)
        assert all(offer.words for offer in manifest.offers)

    async def test_what_is_offered_is_implemented_and_no_more(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            assert isinstance(adapter, Adapter)
            for offer in load.manifest(self.vendor).offers:
                offered = offer.standing in {Standing.YES, Standing.PARTLY}
                assert isinstance(adapter, PROTOCOLS[offer.capability]) == offered, offer.capability

    async def test_no_secret(self, stage: Stage) -> None:
        async with stage.adapter(secrets=Memory()) as adapter:
            with pytest.raises(WrongCredentials):
                await adapter.sign_in()
        assert (await stage.ledger())["requests"] == {}

    async def test_close_twice(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await self.read(adapter)
            await adapter.close()

    @pytest.mark.parametrize(
        ("url", "allowed"),
        [
            ("http://127.0.0.1:9", False),
            ("http://office.example", True),
            ("http://10.0.0.7", True),
            ("ftp://127.0.0.1", True),
            ("127.0.0.1:80", True),
            ("https://user:pass@office.example", True),
            ("https://office.example:none", True),
        ],
    )
    async def test_addresses_that_may_not_be_used(self, stage: Stage, url: str, allowed: bool) -> None:
        known = stage.context().base_urls
        for field in load.manifest(self.vendor).addresses:
            if field.scheme == "https":
                with pytest.raises(BadInput):
                    load.factory(self.vendor)(
                        stage.context(base_urls={**known, field.name: url}, allow_plain_http=allowed)
                    )
