// Which class was taken for which: a row for each class of the reference, shaded by how often.
import { group } from "../format/number";

export function ClassMatrix({
  label,
  corner,
  names,
  rows,
  most,
}: {
  label: string;
  corner: string;
  names: string[];
  rows: number[][];
  most: number;
}) {
  return (
    <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="matrix">
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, at) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {(rows[at] ?? []).map((count, column) => (
                <td
                  key={names[column]}
                  className={column === at ? "right" : count > 0 ? "wrong" : undefined}
                  style={{ "--part": most > 0 ? count / most : 0 } as React.CSSProperties}
                >
                  <span className="figure">{group(count)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
