"""What an operator can set, from the environment (`DISPATCH_...`) or the command line."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from dispatch.domain.errors import InvalidInput, Issue

Value = TypeVar("Value")
NoneIfEmpty = Annotated[Value | None, BeforeValidator(lambda given: None if given == "" else given)]


class Settings(BaseSettings):
    """Every setting with its default; unknown names are ignored, wrong values are refused."""

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
    keep_webhook_deliveries_days: int = Field(
        30, ge=0, description="Days until what was told to a webhook is deleted; 0: never"
    )

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


def load_settings(**overrides: object) -> Settings:
    """Return the settings; raises InvalidInput naming every wrong one."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # checked by pydantic itself
    except ValidationError as error:
        raise InvalidInput(
            *(
                Issue(
                    code="C101",
                    subject="DISPATCH_" + "_".join(map(str, fault["loc"])).upper(),
                    cause=fault["msg"],
                    action="Correct the environment variable or leave it out",
                )
                for fault in error.errors()
            )
        ) from error
