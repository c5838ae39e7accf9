// What the form of a project's settings sends. A deadline is the end of a day of Shanghai.
import type { ProjectSettings } from "../../../api/types.gen";
import type { ProjectView } from "../api";
import type { Agreed } from "./AgreedFields";

export interface SettingsFields extends ProjectSettings, Agreed {
  name: string;
}

const DAY_ENDS = "T16:00:00Z";

/** The day at whose end a deadline lies, for a date field. */
export function deadlineDay(deadline: string | null | undefined): string {
  if (!deadline) return "";
  // 16:00 UTC is 24:00 of Shanghai: a moment before lies on the day itself.
  return new Date(Date.parse(deadline) + 8 * 3_600_000 - 1).toISOString().slice(0, 10);
}

export function deadlineAt(day: string): string {
  return `${day}${DAY_ENDS}`;
}

/** Only what the server takes; an empty number or day clears what stood there. */
export function change(fields: SettingsFields, project: ProjectView) {
  const { name, quantity, deadline, ...settings } = fields;
  return {
    name: name.trim(),
    settings: { ...project.settings, ...settings },
    quantity: quantity || null,
    ...(deadline !== undefined && deadline !== deadlineDay(project.deadline)
      ? { deadline: deadline ? deadlineAt(deadline) : null }
      : {}),
  };
}
