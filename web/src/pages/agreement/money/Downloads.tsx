// A document in both languages, as a PDF.
import { address } from "../../../http/request";
import { useWords } from "../../../words";

export function Downloads({ path }: { path: string }) {
  const { t } = useWords();
  return (
    <span className="downloads">
      {(["zh", "en"] as const).map((lang) => (
        <a
          key={lang}
          href={address(path, { lang })}
          download
          aria-label={t(`agreement.pdf.${lang}`)}
        >
          {lang === "zh" ? "中文" : "English"}
        </a>
      ))}
    </span>
  );
}
