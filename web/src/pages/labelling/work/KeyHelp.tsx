// All keys, and the choice of others.
import { Button, Modal } from "antd";
import { useEffect, useState } from "react";

import {
  type Action,
  actions,
  conflicts,
  keepKeys,
  type KeyMap,
  keyMap,
  nameOf,
  type Remapped,
  type Scope,
  scopeOf,
  SCOPES,
} from "../../../labelling/keys";
import { useWords } from "../../../words";

export function KeyHelp({
  map,
  own,
  scopes,
  setOwn,
  close,
}: {
  map: KeyMap;
  own: Remapped;
  scopes: readonly Scope[];
  setOwn: (own: Remapped) => void;
  close: () => void;
}) {
  const { t } = useWords();
  const [asked, setAsked] = useState<Action | null>(null);
  const [clash, setClash] = useState<{ key: string; with: Action } | null>(null);
  useEffect(() => {
    if (!asked) return;
    const pressed = (event: KeyboardEvent) => {
      if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      setAsked(null);
      const key = nameOf(event);
      if (key === "Escape" && asked !== "work.leave") return;
      const next = { ...own, [asked]: [key] };
      const met = conflicts(keyMap(next)).find(({ between }) => between.includes(asked));
      if (met) {
        const other = met.between.find((action) => action !== asked);
        if (other) setClash({ key, with: other });
        return;
      }
      setClash(null);
      setOwn(next);
      keepKeys(next);
    };
    window.addEventListener("keydown", pressed, { capture: true });
    return () => window.removeEventListener("keydown", pressed, { capture: true });
  }, [asked, own, setOwn]);

  return (
    <Modal open title={t("labelling.help.title")} onCancel={close} footer={null} width={980}>
      <p className="quiet">{t("labelling.help.lead")}</p>
      <p role="status" className={clash ? "bad" : "unseen"}>
        {clash
          ? t("labelling.help.clash", {
              key: shown(clash.key),
              action: t(`labelling.key.${clash.with}`),
            })
          : ""}
      </p>
      <div className="key-help">
        {SCOPES.filter((scope) => scopes.includes(scope)).map((scope) => (
          <section key={scope}>
            <h3>{t(`labelling.scope.${scope}`)}</h3>
            <dl>
              {actions
                .filter((action) => scopeOf(action) === scope)
                .map((action) => (
                  <div key={action}>
                    <dt>{t(`labelling.key.${action}`)}</dt>
                    <dd>
                      <button type="button" className="key-button" onClick={() => setAsked(action)}>
                        {asked === action ? (
                          <em>{t("labelling.help.press")}</em>
                        ) : (
                          map[action].map((key) => <kbd key={key}>{shown(key)} </kbd>)
                        )}
                        <span className="unseen">
                          {t("labelling.help.change", { action: t(`labelling.key.${action}`) })}
                        </span>
                      </button>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="quiet small">
        {t(scopes.includes("text") ? "labelling.help.caret" : "labelling.help.mouse")}
        {scopes.includes("video") ? ` ${t("labelling.help.video")}` : null}
      </p>
      {Object.keys(own).length > 0 ? (
        <Button
          onClick={() => {
            setOwn({});
            keepKeys({});
          }}
        >
          {t("labelling.help.reset")}
        </Button>
      ) : null}
    </Modal>
  );
}

const SIGNS: Record<string, string> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
};

export function shown(key: string): string {
  const mac = /mac/i.test(navigator.userAgent);
  return key
    .split("+")
    .map((part, at, all) => {
      if (part === "" && at === all.length - 1) return "+";
      if (part === "Mod") return mac ? "⌘" : "Ctrl";
      return SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part);
    })
    .filter((part) => part !== "")
    .join(" ");
}
