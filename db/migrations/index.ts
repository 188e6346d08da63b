import type { Migration } from "kysely";
import * as initial from "./0001_initial.ts";
import * as groups from "./0002_groups.ts";
import * as answersByQuestion from "./0003_answers_by_question.ts";
import * as dashboard from "./0004_dashboard.ts";
import * as people from "./0005_people.ts";
import * as mail from "./0006_mail.ts";
import * as exportsInOrder from "./0007_exports_in_order.ts";
import * as mailFollows from "./0008_mail_follows.ts";
import * as deeds from "./0009_deeds.ts";
import * as passkeys from "./0010_passkeys.ts";
import * as attendance from "./0012_attendance.ts";
import * as codeFirst from "./0013_code_first.ts";
import * as datesInOrder from "./0014_dates_in_order.ts";
import * as emailsByFate from "./0015_emails_by_fate.ts";
import * as languagesToCome from "./0016_languages_to_come.ts";
import * as retention from "./0017_retention.ts";
import * as pagesOnce from "./0018_pages_once.ts";
import * as attestations from "./0019_attestations.ts";
import * as incidents from "./0020_incidents.ts";
import * as apiTokens from "./0021_api_tokens.ts";
import * as webhooks from "./0022_webhooks.ts";

/** Every migration in order. A landed one is frozen: change the schema with a new one. */
export const migrations: Record<string, Migration> = {
	"0001_initial": initial,
	"0002_groups": groups,
	"0003_answers_by_question": answersByQuestion,
	"0004_dashboard": dashboard,
	"0005_people": people,
	"0006_mail": mail,
	"0007_exports_in_order": exportsInOrder,
	"0008_mail_follows": mailFollows,
	"0009_deeds": deeds,
	"0010_passkeys": passkeys,
	"0012_attendance": attendance,
	"0013_code_first": codeFirst,
	"0014_dates_in_order": datesInOrder,
	"0015_emails_by_fate": emailsByFate,
	"0016_languages_to_come": languagesToCome,
	"0017_retention": retention,
	"0018_pages_once": pagesOnce,
	"0019_attestations": attestations,
	"0020_incidents": incidents,
	"0021_api_tokens": apiTokens,
	"0022_webhooks": webhooks,
};
