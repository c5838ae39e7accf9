// The people of a project: who is who, and to whom an item can be given.
import { useMe } from "../../../app/session";
import { useRead } from "../../../http/hooks";
import type { PersonRow } from "../../../http/types";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView, type WorkerView } from "../api";

export interface Someone {
  id: string;
  name: string;
}

/** Names by id, as far as the reader may know them. */
export function useNames(project: ProjectView): (person: string | null | undefined) => string {
  const { id, side, may } = useHere();
  const me = useMe();
  const own = project.side === side;
  const { data } = useRead<{ items: WorkerView[] }>(
    own ? `${projectPath(id, project.id)}/people` : null,
  );
  const members = useRead<{ items: PersonRow[] }>(own && may("readPeople") ? "/people" : null);
  return (person) => {
    if (!person) return "–";
    if (person === me.person.id) return me.person.name;
    const member = members.data?.items.find((one) => one.id === person)?.name;
    if (member) return member;
    return data?.items.find((one) => one.person === person)?.name || person;
  };
}

/** Who can be given an item: the annotators of the organisation, and who has worked here. */
export function useHands(project: ProjectView, manages: boolean): Someone[] {
  const { id } = useHere();
  const worked = useRead<{ items: WorkerView[] }>(
    manages ? `${projectPath(id, project.id)}/people` : null,
  );
  const members = useRead<{ items: PersonRow[] }>(manages ? "/people" : null);
  return hands(members.data?.items ?? [], worked.data?.items ?? []);
}

export function hands(
  members: readonly Pick<PersonRow, "id" | "name" | "roles">[],
  worked: readonly Pick<WorkerView, "person" | "name">[],
): Someone[] {
  const all = new Map<string, string>();
  for (const one of members) if (one.roles.includes("annotator")) all.set(one.id, one.name);
  for (const { person, name } of worked) {
    // Who left the organisation is given nothing more.
    if (members.length > 0 && !members.some((one) => one.id === person)) continue;
    if (!all.has(person)) all.set(person, name);
  }
  return [...all].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}
