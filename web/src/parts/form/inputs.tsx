// Inputs for exact values. Each keeps what was typed and hands on the JSON value once it is one.
import { Button, Input, Select } from "antd";
import { useRef, useState } from "react";

import { fromWall, toWall } from "../../format/instant";
import { decimal, type Fraction, fractionOf } from "../../format/number";
import { useWords } from "../../words";
import { useAgreementPlace } from "../agreementContext";

interface Shared {
  id?: string | undefined;
  disabled?: boolean | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
  "aria-invalid"?: true | undefined;
  "aria-describedby"?: string | undefined;
}

const CURRENCIES = ["CNY", "USD", "EUR", "GBP", "HKD", "SGD", "JPY"];

/** An amount as text, thousands may be grouped; never a float. */
export function MoneyInput({
  value,
  onChange,
  currency,
  ...shared
}: Shared & { currency: string }) {
  const { t } = useWords();
  const money = (value ?? {}) as { amount?: string; currency?: string };
  const unit = money.currency ?? currency;
  return (
    <span className="money-input">
      <Input
        {...shared}
        inputMode="decimal"
        autoComplete="off"
        placeholder="0.00"
        value={money.amount ?? ""}
        onChange={(event) => {
          const amount = event.target.value.replace(/[,\s，]/g, "");
          onChange(amount === "" ? undefined : { amount, currency: unit });
        }}
      />
      <Select
        aria-label={t("form.currency")}
        disabled={shared.disabled}
        value={unit}
        onChange={(next: string) => onChange({ amount: money.amount ?? "", currency: next })}
        options={CURRENCIES.map((code) => ({ value: code, label: code }))}
      />
    </span>
  );
}

export function IntegerInput({ value, onChange, ...shared }: Shared) {
  return (
    <Input
      {...shared}
      inputMode="numeric"
      autoComplete="off"
      value={value === undefined || value === null ? "" : String(value)}
      onChange={(event) => {
        const text = event.target.value.replace(/[,\s，]/g, "");
        if (text === "") onChange(undefined);
        else
          onChange(
            /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text,
          );
      }}
    />
  );
}

/** 0.925, 92.5% and 37/40 all give {num: "37", den: "40"}. */
export function FractionInput({ value, onChange, ...shared }: Shared) {
  const { t } = useWords();
  const given = value as Fraction | undefined;
  const [text, setText] = useState(() => (given && "num" in given ? shown(given) : ""));
  return (
    <Input
      {...shared}
      autoComplete="off"
      placeholder={t("form.fraction")}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        if (event.target.value.trim() === "") onChange(undefined);
        else onChange(fractionOf(event.target.value) ?? event.target.value);
      }}
    />
  );
}

/** As a decimal where it is exact, else as the quotient. */
function shown(value: Fraction): string {
  const text = decimal(value, 9).replaceAll(",", "");
  const back = fractionOf(text);
  return back?.num === value.num && back.den === value.den ? text : `${value.num}/${value.den}`;
}

/** Wall-clock time in the agreement's zone. */
export function InstantInput({
  value,
  onChange,
  ...shared
}: Omit<Shared, "value"> & { value: string }) {
  const { zone } = useAgreementPlace();
  return (
    <Input
      {...shared}
      type="datetime-local"
      step={1}
      suffix={<span className="quiet small">{zone}</span>}
      value={value ? toWall(value, zone) : ""}
      onChange={(event) =>
        onChange(event.target.value === "" ? undefined : fromWall(event.target.value, zone))
      }
    />
  );
}

/** SHA-256 in hexadecimal, typed, or of a file that never leaves this machine. */
export function HashInput({
  value,
  onChange,
  ...shared
}: Omit<Shared, "value"> & { value: string }) {
  const { t } = useWords();
  const file = useRef<HTMLInputElement>(null);
  const [name, setName] = useState<string | null>(null);
  const hash = async (chosen: File) => {
    const digest = await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer());
    setName(chosen.name);
    onChange(
      [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    );
  };
  return (
    <>
      <span className="hash-input">
        <Input
          {...shared}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          placeholder="SHA-256"
          value={value}
          onChange={(event) => {
            setName(null);
            const text = event.target.value.trim().toLowerCase();
            onChange(text === "" ? undefined : text);
          }}
        />
        <Button disabled={shared.disabled} onClick={() => file.current?.click()}>
          {t("form.hashOf")}
        </Button>
        <input
          ref={file}
          type="file"
          className="unseen"
          tabIndex={-1}
          aria-label={t("form.hashOf")}
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = "";
            if (chosen) void hash(chosen);
          }}
        />
      </span>
      <span className="quiet small">{name ? t("form.hashed", { name }) : t("form.hashHint")}</span>
    </>
  );
}
