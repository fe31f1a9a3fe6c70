"""Accounts of people, their sessions, and tries to log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import col, select

from dispatch.domain.access import Role
from dispatch.domain.account import Account, Session
from dispatch.domain.ids import AccountId
from dispatch.domain.job import Organisation
from dispatch.store.access_tables import AccountRow, LoginTryRow, SessionRow
from dispatch.store.session import Queries, unknown

if TYPE_CHECKING:
    from datetime import datetime


class AccountQueries(Queries):
    """Who may log in, who is logged in, and who tried."""

    def add_account(self, account: Account, password_hash: str | None) -> None:
        """Keep a new account; the database refuses a login name that is taken."""
        self._session.add(AccountRow(**_values(account), password_hash=password_hash))
        self._session.flush()

    def save_account(self, account: Account) -> None:
        """Replace what is kept of the account, its password untouched."""
        self._change(account.id, _values(account))

    def set_password(self, account_id: AccountId, password_hash: str) -> None:
        """Replace the hash of the account's password."""
        self._change(account_id, {"password_hash": password_hash})

    def _change(self, account_id: AccountId, values: dict[str, Any]) -> None:
        self._session.connection().execute(
            update(AccountRow).where(col(AccountRow.id) == account_id).values(**values)
        )
        self._session.expire_all()

    def account(self, account_id: AccountId) -> Account:
        """Return the account; raises NotFound."""
        row = self._session.get(AccountRow, account_id)
        if row is None:
            raise unknown("DB212", f"account {account_id}")
        return _account(row)

    def account_of_login(self, login: str) -> tuple[Account, str | None] | None:
        """Return the account with this login name and the hash of its password."""
        row = self._session.exec(select(AccountRow).where(AccountRow.login == login)).first()
        return None if row is None else (_account(row), row.password_hash)

    def account_of_subject(self, subject: str) -> Account | None:
        """Return the account of whom an identity provider calls so."""
        row = self._session.exec(select(AccountRow).where(AccountRow.subject == subject)).first()
        return None if row is None else _account(row)

    def accounts(self, *, limit: int = 1000) -> list[Account]:
        """Return the accounts by login name, those that are disabled among them."""
        query = select(AccountRow).order_by(AccountRow.login).limit(limit)
        return [_account(row) for row in self._session.exec(query)]

    def count_admins(self, *, without: AccountId | None = None) -> int:
        """Return how many administrators could log in, one of them left aside."""
        query = select(func.count()).select_from(AccountRow)
        found = query.where(
            AccountRow.role == Role.ADMIN.value,
            col(AccountRow.active),
            AccountRow.id != (without or ""),
        )
        return self._session.exec(found).one()

    def add_session(self, session: Session) -> None:
        """Keep that somebody is logged in."""
        self._session.add(
            SessionRow(
                digest=session.digest,
                account_id=session.account_id,
                created_at=session.created_at,
                seen_at=session.seen_at,
                ends_at=session.ends_at,
                hint=session.hint,
            )
        )
        self._session.flush()

    def session_of(self, digest: str) -> tuple[Session, Account] | None:
        """Return the session with this digest and whose it is."""
        query = select(SessionRow, AccountRow).where(
            SessionRow.digest == digest, AccountRow.id == SessionRow.account_id
        )
        found = self._session.exec(query).first()
        return None if found is None else (_session(found[0]), _account(found[1]))

    def note_session_use(self, digest: str, at: datetime) -> None:
        """Keep when the session was last used."""
        self._session.connection().execute(
            update(SessionRow).where(col(SessionRow.digest) == digest).values(seen_at=at)
        )

    def end_session(self, digest: str) -> None:
        """Forget the session."""
        self._forget_sessions(col(SessionRow.digest) == digest)

    def end_sessions(self, account_id: AccountId, *, but: str = "") -> None:
        """Forget the account's sessions, one of them left aside."""
        self._forget_sessions(
            col(SessionRow.account_id) == account_id, col(SessionRow.digest) != but
        )

    def forget_sessions(self, *, ended_by: datetime, unseen_since: datetime) -> int:
        """Forget the sessions that were over by then; return how many."""
        over = (col(SessionRow.ends_at) <= ended_by) | (col(SessionRow.seen_at) <= unseen_since)
        return self._forget_sessions(over)

    def forget_logins(self, *, before: datetime) -> int:
        """Forget sessions not seen since then, and tries from before; return how many."""
        return self.forget_sessions(
            ended_by=before, unseen_since=before
        ) + self.forget_old_login_tries(before)

    def _forget_sessions(self, *conditions: ColumnElement[bool]) -> int:
        done = self._session.connection().execute(delete(SessionRow).where(*conditions))
        return done.rowcount

    def add_login_try(self, try_id: str, account_key: str, address_key: str, at: datetime) -> None:
        """Count a try to log in."""
        self._session.add(
            LoginTryRow(id=try_id, account_key=account_key, address_key=address_key, at=at)
        )
        self._session.flush()

    def login_tries(
        self, *, since: datetime, account_key: str = "", address_key: str = ""
    ) -> list[datetime]:
        """Return when an account, or an address, was tried after that moment, oldest first."""
        query = select(LoginTryRow.at).where(LoginTryRow.at > since).order_by(col(LoginTryRow.at))
        if account_key:
            query = query.where(LoginTryRow.account_key == account_key)
        if address_key:
            query = query.where(LoginTryRow.address_key == address_key)
        return list(self._session.exec(query))

    def forget_login_tries(self, account_key: str) -> None:
        """Forget the tries for an account."""
        self._session.connection().execute(
            delete(LoginTryRow).where(col(LoginTryRow.account_key) == account_key)
        )

    def forget_old_login_tries(self, before: datetime) -> int:
        """Forget the tries up to that moment; return how many."""
        old = delete(LoginTryRow).where(col(LoginTryRow.at) <= before)
        return self._session.connection().execute(old).rowcount


def _values(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "subject": account.subject or None,
        "name": account.name,
        "role": account.role.value,
        "organisation": account.organisation and account.organisation.value,
        "active": account.active,
        "temporary": account.temporary,
        "created_at": account.created_at,
    }


def _account(row: AccountRow) -> Account:
    return Account(
        id=AccountId(row.id),
        login=row.login,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        organisation=Organisation(row.organisation) if row.organisation else None,
        subject=row.subject or "",
        active=row.active,
        temporary=row.temporary,
    )


def _session(row: SessionRow) -> Session:
    return Session(
        digest=row.digest,
        account_id=AccountId(row.account_id),
        created_at=row.created_at,
        seen_at=row.seen_at,
        ends_at=row.ends_at,
        hint=row.hint,
    )
