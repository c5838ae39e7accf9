// A document in both languages, as a PDF.
import { address } from "../../../http/request";
import { useWords } from "../../../words";

/** Each language by its own name. */
const NAMES = { zh: "中文", en: "English" };

export function Downloads({ path }: { path: string }) {
  const { t } = useWords();
  return (
    <span className="downloads">
      {(["zh", "en"] as const).map((lang) => (
        <a
          key={lang}
          href={address(path, { lang })}
          download
          aria-label={`${NAMES[lang]}, ${t(`agreement.pdf.${lang}`)}`}
        >
          {NAMES[lang]}
        </a>
      ))}
    </span>
  );
}
