import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { requiredLine } from "./text.ts";

type ApiTokenError = keyof Dictionary["organizer"]["apiTokens"]["errors"];

const key = (name: ApiTokenError) => name;

export const apiTokenForm = z.object({ name: requiredLine(80, key("name"), key("nameLong")) });
