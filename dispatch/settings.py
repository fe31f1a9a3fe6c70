"""What an operator can set: on the command line, by `DISPATCH_...` variables, or in a TOML file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.settings_checks import cross_checks
from dispatch.settings_sources import found_settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Value = TypeVar("Value")
NoneIfEmpty = Annotated[Value | None, BeforeValidator(lambda given: None if given == "" else given)]


class Settings(BaseSettings):
    """Every setting with its default; wrong values are refused, and unknown keys of the file.

    Each has one flat name. In the file it may stand in sections: `[webhook] networks` is
    `webhook_networks`. A name with `_file` after it names a file that holds the value.
    """

    model_config = SettingsConfigDict(env_prefix="DISPATCH_", frozen=True)

    data_dir: Path = Field(Path("var"), description="Folder of the database and the graphs")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data folder")
    graph: str = Field("city", description="Name of the street graph to use when it was built")
    solve_s: float = Field(20.0, gt=0, le=3600, description="Seconds the solver may search")
    cores: int = Field(1, ge=1, le=64, description="Processes that search side by side")
    plan_at: NoneIfEmpty[time] = Field(
        None, description="When the next working day is planned, as 18:30; empty: not by the clock"
    )
    plan_publish: bool = Field(True, description="The plan of the evening is published at once")
    run_queue: int = Field(20, ge=1, le=1000, description="Planning runs that may wait")
    run_max_s: float = Field(3600.0, gt=0, le=86400, description="Seconds one run may search")
    history_days: int = Field(30, ge=1, le=400, description="Days of signals that demand looks at")
    host: str = Field("127.0.0.1", description="Address the service listens on")
    port: int = Field(8000, ge=0, le=65535, description="Port the service listens on")

    # Who comes in.
    public_url: str = Field(
        "", pattern=r"^(https?://[^/?#\s]+/?)?$", description="Where people reach the service"
    )
    proxies: str = Field("127.0.0.1", description="Proxies whose X-Forwarded-... headers count")
    session_idle_min: int = Field(120, ge=1, description="Minutes without request end a session")
    session_longest_h: int = Field(12, ge=1, le=720, description="Hours a session lasts at most")
    login_tries: int = Field(10, ge=1, description="Failed logins that close an account a while")
    login_tries_per_address: int = Field(50, ge=1, description="The same for a network address")
    login_window_min: int = Field(15, ge=1, description="Minutes failed logins count")
    oidc_issuer: str = Field("", description="OpenID Connect provider; empty: passwords only")
    oidc_name: str = Field("", description="What people call the provider")
    oidc_client_id: str = Field("", description="As whom we are registered at the provider")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret, if it has one")
    oidc_claim: str = Field("groups", description="Claim with the groups, dots lead inwards")
    oidc_roles: dict[str, str] = Field(
        default_factory=dict, description='What groups are here: {"Leitung": "dispatcher:usb"}'
    )
    body_limit_mb: int = Field(20, ge=1, le=1000, description="Megabytes a request may bring")

    positions: bool = Field(
        False, description="Whether the last place of crews on duty is kept, if they agreed to that"
    )

    weather_dir: Path | None = Field(None, description="Folder of weather stations' CSV files")
    forecast: str = Field(
        "", description="dwd: the German weather service (extra); else a folder of forecast files"
    )
    groundwater_file: Path | None = Field(None, description="CSV of groundwater depths per site")
    glass_hot_opens: time | None = Field(
        None,
        description="Start of glass crews on hot days, as 06:00, where the authority allows it",
    )

    react: bool = Field(True, description="Make jobs of emergencies at once, between planning runs")

    mqtt_host: str = Field("", description="Broker to take messages from; empty: none")
    mqtt_port: int = Field(1883, ge=1, le=65535, description="Port of the broker; 8883 with TLS")
    mqtt_user: str = Field("", description="Name at the broker")
    mqtt_password: SecretStr = Field(SecretStr(""), description="Password at the broker")
    mqtt_tls: bool = Field(False, description="Speak TLS with the broker")
    mqtt_ca_file: Path | None = Field(None, description="Certificates to trust the broker by")
    mqtt_client_id: str = Field(
        "bochum-dispatch", min_length=1, description="Name of the session; one for each service"
    )
    mqtt_topics: str = Field(
        "v3/+/devices/+/up=ttn,application/+/device/+/event/up=chirpstack",
        description="Topic filters with the format of what comes there",
    )
    mqtt_share: str = Field("", description="Group of services that share the messages")
    mqtt_version: Literal["3.1.1", "5"] = Field("3.1.1", description="Version of MQTT")

    inbox_dir: Path | None = Field(None, description="Folder to take files of payloads from")
    inbox_seconds: float = Field(10.0, ge=0.1, le=3600, description="Between looks at the folder")

    terratransfer_url: str = Field("", description="API of the pond loggers; empty: not asked")
    terratransfer_key: SecretStr = Field(SecretStr(""), description="Key of that API")
    terratransfer_loggers: str = Field("", description="Numbers of the loggers, with commas")
    terratransfer_minutes: float = Field(15.0, ge=1, le=1440, description="Between two polls")

    keep_payloads_days: int = Field(
        400, ge=0, description="Days until the bytes of a payload are erased; 0: never"
    )
    keep_notices_days: int = Field(
        400, ge=0, description="Days until a closed notice of a citizen is deleted; 0: never"
    )
    keep_logins_days: int = Field(
        1, ge=0, description="Days failed logins and ended sessions stay; most go sooner"
    )
    keep_audit_days: int = Field(
        730, ge=0, description="Days until what was written down of a change is deleted; 0: never"
    )
    keep_tokens_days: int = Field(
        30, ge=0, description="Days until a token that ended is deleted; 0: never"
    )
    keep_photos_days: int = Field(
        180, ge=0, description="Days until a photo of a crew is deleted; 0: never"
    )
    keep_positions_days: int = Field(
        1, ge=0, description="Days until the last place of a crew is deleted; 0: never"
    )
    keep_refused_reports_days: int = Field(
        400, ge=0, description="Days until a report that was refused is deleted; 0: never"
    )
    keep_pairings_days: int = Field(
        400, ge=0, description="Days until it is forgotten which tablet was a crew's; 0: never"
    )
    keep_drafts_days: int = Field(
        30, ge=0, description="Days after its day until a draft of changes is deleted; 0: never"
    )
    keep_run_events_days: int = Field(
        30, ge=0, description="Days until the steps of a run that is over are deleted; 0: never"
    )
    keep_webhook_deliveries_days: int = Field(
        30, ge=0, description="Days until what was told to a webhook is deleted; 0: never"
    )

    # Running it.
    log_format: Literal["text", "json"] = Field("text", description="Form of the log's lines")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is told in the log: this and what is worse"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Who shows it may read /metrics; else only this machine may"
    )
    webhook_networks: str = Field(
        "", description="Networks that are not public and may be told by webhooks, with commas"
    )
    webhook_attempts: int = Field(12, ge=1, le=50, description="Tries until a delivery is given up")

    @field_validator("webhook_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in value.split(","):
            if part.strip():
                ip_network(part.strip())
        return value

    @property
    def keep_days(self) -> dict[str, int]:
        """After how many days what is deleted, by the name of its rule; 0: never."""
        return {
            name.removeprefix("keep_").removesuffix("_days"): getattr(self, name)
            for name in type(self).model_fields
            if name.startswith("keep_")
        }

    @property
    def store_url(self) -> str:
        """The database to open."""
        return self.database_url or f"sqlite:///{self.data_dir / 'dispatch.sqlite'}"

    @property
    def graphs_dir(self) -> Path:
        """Where built street graphs lie."""
        return self.data_dir / "graphs"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSettings:
    """The settings, and where each came from that has not its default."""

    settings: Settings
    origins: Mapping[str, str]


def load_settings(**overrides: object) -> Settings:
    """Return the settings; raises InvalidInput naming everything that is wrong with them."""
    return read_settings(os.environ, **overrides).settings


def read_settings(environ: Mapping[str, str], **overrides: object) -> LoadedSettings:
    """Return the settings of the command line, the environment and the file, in this order.

    `environ` is the process's environment. Raises InvalidInput with every fault found: wrong
    values (C101), unknown keys of the file (C102), files that cannot be read (C103, C104), and
    settings without what they need (C105).
    """
    found = found_settings(Settings.model_fields, environ)
    issues = list(found.issues)
    settings: Settings | None = None
    try:
        settings = Settings(**(found.values | overrides))
    except ValidationError as error:
        issues += [_wrong(fault, found.origins) for fault in error.errors()]
    if settings is not None:
        issues += cross_checks(settings)
    if issues or settings is None:
        raise InvalidInput(*issues)
    given = dict.fromkeys(overrides, "command line")
    return LoadedSettings(settings=settings, origins=found.origins | given)


def _wrong(fault: ErrorDetails, origins: Mapping[str, str]) -> Issue:
    name = "_".join(map(str, fault["loc"]))
    return Issue(
        code="C101",
        subject=origins.get(name, f"DISPATCH_{name.upper()}"),
        cause=fault["msg"],
        action="Correct the value or leave it out",
    )
