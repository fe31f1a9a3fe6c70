CREATE TABLE account (
	id VARCHAR NOT NULL,
	login VARCHAR NOT NULL,
	subject VARCHAR,
	name VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	organisation VARCHAR,
	active BOOLEAN NOT NULL,
	"temporary" BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	password_hash VARCHAR,
	CONSTRAINT pk_account PRIMARY KEY (id),
	CONSTRAINT uq_account_login UNIQUE (login),
	CONSTRAINT uq_account_subject UNIQUE (subject)
);

CREATE TABLE audit (
	number INTEGER NOT NULL,
	at BIGINT NOT NULL,
	actor_id VARCHAR NOT NULL,
	actor_name VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	action VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	organisation VARCHAR,
	details TEXT NOT NULL,
	CONSTRAINT pk_audit PRIMARY KEY (number)
);

CREATE INDEX audit_by_organisation ON audit (organisation, number);

CREATE INDEX audit_by_subject ON audit (subject, number);

CREATE INDEX ix_audit_at ON audit (at);

CREATE TABLE crew (
	id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_crew PRIMARY KEY (id)
);

CREATE TABLE depot (
	id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_depot PRIMARY KEY (id)
);

CREATE TABLE facility (
	id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_facility PRIMARY KEY (id)
);

CREATE TABLE failed_claim (
	id INTEGER NOT NULL,
	address VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_failed_claim PRIMARY KEY (id)
);

CREATE INDEX failed_claim_by_address ON failed_claim (address, at);

CREATE INDEX ix_failed_claim_at ON failed_claim (at);

CREATE TABLE login_try (
	id VARCHAR NOT NULL,
	account_key VARCHAR NOT NULL,
	address_key VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_login_try PRIMARY KEY (id)
);

CREATE INDEX ix_login_try_at ON login_try (at);

CREATE INDEX login_try_by_account ON login_try (account_key, at);

CREATE INDEX login_try_by_address ON login_try (address_key, at);

CREATE TABLE payload (
	id VARCHAR NOT NULL,
	format VARCHAR NOT NULL,
	received_at BIGINT NOT NULL,
	body BLOB NOT NULL,
	erased_at BIGINT,
	CONSTRAINT pk_payload PRIMARY KEY (id)
);

CREATE INDEX payload_by_format ON payload (format, received_at);

CREATE INDEX payload_not_erased ON payload (received_at) WHERE erased_at IS NULL;

CREATE TABLE "plan" (
	id VARCHAR NOT NULL,
	day DATE NOT NULL,
	organisation VARCHAR NOT NULL,
	revision INTEGER NOT NULL,
	status VARCHAR NOT NULL,
	based_on VARCHAR,
	created_at BIGINT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_plan PRIMARY KEY (id),
	CONSTRAINT one_plan_per_day_organisation_and_revision UNIQUE (day, organisation, revision),
	CONSTRAINT revisions_count_from_one CHECK (revision > 0),
	CONSTRAINT fk_plan_based_on FOREIGN KEY(based_on) REFERENCES "plan" (id)
);

CREATE INDEX ix_plan_day ON "plan" (day);

CREATE INDEX ix_plan_status ON "plan" (status);

CREATE UNIQUE INDEX one_published_plan_per_day_and_organisation ON "plan" (day, organisation) WHERE status = 'published';

CREATE TABLE refused_report (
	id VARCHAR NOT NULL,
	received_at BIGINT NOT NULL,
	crew_id VARCHAR NOT NULL,
	reported_by VARCHAR NOT NULL,
	issue TEXT NOT NULL,
	body VARCHAR NOT NULL,
	CONSTRAINT pk_refused_report PRIMARY KEY (id)
);

CREATE INDEX ix_refused_report_received_at ON refused_report (received_at);

CREATE TABLE scheduled (
	name VARCHAR NOT NULL,
	evening DATE NOT NULL,
	organisation VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_scheduled PRIMARY KEY (name, evening, organisation)
);

CREATE TABLE site (
	id VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_site PRIMARY KEY (id)
);

CREATE INDEX ix_site_kind ON site (kind);

CREATE TABLE site_tally (
	site_id VARCHAR NOT NULL,
	stored BIGINT NOT NULL,
	CONSTRAINT pk_site_tally PRIMARY KEY (site_id)
);

CREATE TABLE token (
	id VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	revoked_at BIGINT,
	used_at BIGINT,
	document TEXT NOT NULL,
	CONSTRAINT pk_token PRIMARY KEY (id),
	CONSTRAINT uq_token_digest UNIQUE (digest)
);

CREATE INDEX ix_token_created_at ON token (created_at);

CREATE INDEX ix_token_expires_at ON token (expires_at);

CREATE TABLE vehicle (
	id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_vehicle PRIMARY KEY (id)
);

CREATE TABLE webhook (
	id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_webhook PRIMARY KEY (id)
);

CREATE TABLE crew_position (
	crew_id VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_crew_position PRIMARY KEY (crew_id),
	CONSTRAINT fk_crew_position_crew_id FOREIGN KEY(crew_id) REFERENCES crew (id)
);

CREATE INDEX ix_crew_position_at ON crew_position (at);

CREATE TABLE current_plan (
	day DATE NOT NULL,
	organisation VARCHAR NOT NULL,
	plan_id VARCHAR NOT NULL,
	CONSTRAINT pk_current_plan PRIMARY KEY (day, organisation),
	CONSTRAINT fk_current_plan_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id)
);

CREATE TABLE delivery (
	"key" VARCHAR NOT NULL,
	payload_id VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	CONSTRAINT pk_delivery PRIMARY KEY ("key"),
	CONSTRAINT fk_delivery_payload_id FOREIGN KEY(payload_id) REFERENCES payload (id)
);

CREATE TABLE device (
	id VARCHAR NOT NULL,
	mounted_from BIGINT NOT NULL,
	site_id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_device PRIMARY KEY (id, mounted_from),
	CONSTRAINT fk_device_site_id FOREIGN KEY(site_id) REFERENCES site (id)
);

CREATE INDEX ix_device_site_id ON device (site_id);

CREATE TABLE draft (
	id VARCHAR NOT NULL,
	plan_id VARCHAR NOT NULL,
	day DATE NOT NULL,
	organisation VARCHAR NOT NULL,
	opened_at BIGINT NOT NULL,
	opened_by VARCHAR NOT NULL,
	inputs VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	status VARCHAR NOT NULL,
	CONSTRAINT pk_draft PRIMARY KEY (id),
	CONSTRAINT versions_count_from_one CHECK (version > 0),
	CONSTRAINT fk_draft_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id)
);

CREATE INDEX ix_draft_day ON draft (day);

CREATE TABLE job (
	id VARCHAR NOT NULL,
	site_id VARCHAR NOT NULL,
	organisation VARCHAR,
	kind VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	updated_at BIGINT NOT NULL,
	worked_at BIGINT,
	document TEXT NOT NULL,
	CONSTRAINT pk_job PRIMARY KEY (id),
	CONSTRAINT fk_job_site_id FOREIGN KEY(site_id) REFERENCES site (id)
);

CREATE INDEX ix_job_site_id ON job (site_id);

CREATE INDEX ix_job_status ON job (status);

CREATE INDEX ix_job_updated_at ON job (updated_at);

CREATE INDEX ix_job_worked_at ON job (worked_at);

CREATE UNIQUE INDEX one_unfinished_job_per_site_and_kind ON job (site_id, kind) WHERE status IN ('open', 'planned');

CREATE TABLE notice (
	id VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	requested_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	payload_id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_notice PRIMARY KEY (id),
	CONSTRAINT fk_notice_payload_id FOREIGN KEY(payload_id) REFERENCES payload (id)
);

CREATE INDEX ix_notice_requested_at ON notice (requested_at);

CREATE TABLE pairing (
	id VARCHAR NOT NULL,
	code VARCHAR NOT NULL,
	crew_id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_pairing PRIMARY KEY (id),
	CONSTRAINT uq_pairing_code UNIQUE (code),
	CONSTRAINT fk_pairing_crew_id FOREIGN KEY(crew_id) REFERENCES crew (id)
);

CREATE INDEX ix_pairing_created_at ON pairing (created_at);

CREATE INDEX ix_pairing_crew_id ON pairing (crew_id);

CREATE TABLE photo (
	id VARCHAR NOT NULL,
	crew_id VARCHAR NOT NULL,
	organisation VARCHAR NOT NULL,
	received_at BIGINT NOT NULL,
	media_type VARCHAR NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	sent VARCHAR NOT NULL,
	body BLOB NOT NULL,
	CONSTRAINT pk_photo PRIMARY KEY (id),
	CONSTRAINT fk_photo_crew_id FOREIGN KEY(crew_id) REFERENCES crew (id)
);

CREATE INDEX ix_photo_received_at ON photo (received_at);

CREATE TABLE quarantine (
	id VARCHAR NOT NULL,
	payload_id VARCHAR NOT NULL,
	received_at BIGINT NOT NULL,
	issue TEXT NOT NULL,
	resolved_at BIGINT,
	CONSTRAINT pk_quarantine PRIMARY KEY (id),
	CONSTRAINT fk_quarantine_payload_id FOREIGN KEY(payload_id) REFERENCES payload (id)
);

CREATE INDEX ix_quarantine_payload_id ON quarantine (payload_id);

CREATE INDEX ix_quarantine_received_at ON quarantine (received_at);

CREATE TABLE route (
	plan_id VARCHAR NOT NULL,
	shift_id VARCHAR NOT NULL,
	place INTEGER NOT NULL,
	crew_id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_route PRIMARY KEY (plan_id, shift_id),
	CONSTRAINT fk_route_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id)
);

CREATE INDEX ix_route_crew_id ON route (crew_id);

CREATE TABLE route_job (
	plan_id VARCHAR NOT NULL,
	shift_id VARCHAR NOT NULL,
	job_id VARCHAR NOT NULL,
	crew_id VARCHAR NOT NULL,
	day DATE NOT NULL,
	CONSTRAINT pk_route_job PRIMARY KEY (plan_id, shift_id, job_id),
	CONSTRAINT fk_route_job_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id)
);

CREATE INDEX route_job_by_crew ON route_job (crew_id, day);

CREATE INDEX route_job_by_job ON route_job (job_id);

CREATE TABLE run (
	id VARCHAR NOT NULL,
	day DATE NOT NULL,
	organisation VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	requested_at BIGINT NOT NULL,
	attempts INTEGER NOT NULL,
	cancel_wanted BOOLEAN NOT NULL,
	planner VARCHAR,
	lease_until BIGINT,
	started_at BIGINT,
	ended_at BIGINT,
	plan_id VARCHAR,
	asked TEXT NOT NULL,
	actor TEXT NOT NULL,
	issues TEXT NOT NULL,
	CONSTRAINT pk_run PRIMARY KEY (id),
	CONSTRAINT fk_run_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id)
);

CREATE INDEX ix_run_requested_at ON run (requested_at);

CREATE UNIQUE INDEX one_unfinished_run_per_day_and_organisation ON run (day, organisation) WHERE status IN ('queued', 'running');

CREATE INDEX run_by_status ON run (status, requested_at);

CREATE TABLE session (
	digest VARCHAR NOT NULL,
	account_id VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	hint VARCHAR NOT NULL,
	CONSTRAINT pk_session PRIMARY KEY (digest),
	CONSTRAINT fk_session_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_session_account_id ON session (account_id);

CREATE INDEX ix_session_ends_at ON session (ends_at);

CREATE INDEX ix_session_seen_at ON session (seen_at);

CREATE TABLE shift_pattern (
	id VARCHAR NOT NULL,
	crew_id VARCHAR NOT NULL,
	vehicle_id VARCHAR NOT NULL,
	depot_id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_shift_pattern PRIMARY KEY (id),
	CONSTRAINT fk_shift_pattern_crew_id FOREIGN KEY(crew_id) REFERENCES crew (id),
	CONSTRAINT fk_shift_pattern_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
	CONSTRAINT fk_shift_pattern_depot_id FOREIGN KEY(depot_id) REFERENCES depot (id)
);

CREATE TABLE signal (
	id VARCHAR NOT NULL,
	source VARCHAR NOT NULL,
	device_id VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	value FLOAT NOT NULL,
	observed_at BIGINT NOT NULL,
	received_at BIGINT NOT NULL,
	payload_id VARCHAR NOT NULL,
	site_id VARCHAR,
	part_id VARCHAR,
	grade VARCHAR NOT NULL,
	need TEXT,
	CONSTRAINT pk_signal PRIMARY KEY (id),
	CONSTRAINT fk_signal_payload_id FOREIGN KEY(payload_id) REFERENCES payload (id)
);

CREATE INDEX signal_by_device ON signal (device_id, observed_at);

CREATE INDEX signal_by_site ON signal (site_id, observed_at);

CREATE TABLE wanted_look (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	site_id VARCHAR,
	CONSTRAINT fk_wanted_look_site_id FOREIGN KEY(site_id) REFERENCES site (id)
);

CREATE TABLE webhook_delivery (
	id INTEGER NOT NULL,
	webhook_id VARCHAR NOT NULL,
	event_id VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	attempts INTEGER NOT NULL,
	due_at BIGINT NOT NULL,
	lease VARCHAR NOT NULL,
	leased_until BIGINT,
	answer VARCHAR NOT NULL,
	settled_at BIGINT,
	document TEXT NOT NULL,
	CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
	CONSTRAINT one_delivery_per_webhook_and_event UNIQUE (webhook_id, event_id),
	CONSTRAINT fk_webhook_delivery_webhook_id FOREIGN KEY(webhook_id) REFERENCES webhook (id)
);

CREATE INDEX webhook_delivery_pending ON webhook_delivery (webhook_id, subject, id) WHERE status = 'pending';

CREATE INDEX webhook_delivery_settled ON webhook_delivery (settled_at);

CREATE TABLE draft_edit (
	draft_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	made_by VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_draft_edit PRIMARY KEY (draft_id, number),
	CONSTRAINT fk_draft_edit_draft_id FOREIGN KEY(draft_id) REFERENCES draft (id)
);

CREATE TABLE draft_inputs (
	draft_id VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_draft_inputs PRIMARY KEY (draft_id),
	CONSTRAINT fk_draft_inputs_draft_id FOREIGN KEY(draft_id) REFERENCES draft (id)
);

CREATE TABLE report (
	id VARCHAR NOT NULL,
	crew_id VARCHAR NOT NULL,
	day DATE NOT NULL,
	kind VARCHAR NOT NULL,
	job_id VARCHAR,
	undoes VARCHAR,
	received_at BIGINT NOT NULL,
	told VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_report PRIMARY KEY (id),
	CONSTRAINT fk_report_crew_id FOREIGN KEY(crew_id) REFERENCES crew (id),
	CONSTRAINT fk_report_job_id FOREIGN KEY(job_id) REFERENCES job (id)
);

CREATE INDEX ix_report_day ON report (day);

CREATE INDEX ix_report_job_id ON report (job_id);

CREATE INDEX ix_report_received_at ON report (received_at);

CREATE INDEX ix_report_undoes ON report (undoes);

CREATE INDEX report_by_crew ON report (crew_id, day);

CREATE TABLE run_event (
	run_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	at BIGINT NOT NULL,
	phase VARCHAR NOT NULL,
	cost_ct INTEGER,
	unserved INTEGER,
	CONSTRAINT pk_run_event PRIMARY KEY (run_id, number),
	CONSTRAINT fk_run_event_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);

