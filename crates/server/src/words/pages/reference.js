// The reference of the interface, drawn from the OpenAPI document. Every text goes in as text.
"use strict";

const zh = navigator.language.startsWith("zh");
const words = zh
  ? { parameters: "参数", body: "请求内容", answers: "回答", required: "必填", schema: "类型", filter: "筛选" }
  : { parameters: "Parameters", body: "Body", answers: "Answers", required: "required", schema: "Schema", filter: "Filter" };

function element(name, text, children = []) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function row(...cells) {
  return element("tr", "", cells.map((cell) => (typeof cell === "string" ? element("td", cell) : element("td", "", [cell]))));
}

function schemaName(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.type === "array") return schemaName(schema.items) + "[]";
  const bounds = ["pattern", "minLength", "maxLength", "minimum", "maximum", "enum", "const"]
    .filter((key) => key in schema)
    .map((key) => `${key}: ${JSON.stringify(schema[key])}`);
  return [schema.type, ...bounds].filter(Boolean).join(", ") || "any";
}

function reference(schema) {
  const name = schemaName(schema);
  if (!schema || !schema.$ref) return element("code", name);
  const link = element("a", name);
  link.href = `#schema-${name}`;
  return link;
}

function content(of) {
  return Object.entries(of || {}).map(([media, part]) => element("span", `${media} `, [reference(part.schema)]));
}

function operation(method, path, described, document_) {
  const parts = [element("p", described.summary || "")];
  if (described.parameters) {
    const rows = described.parameters.map((one) =>
      row(`${one.in}: ${one.name}`, reference(one.schema), one.required ? words.required : "", one.description || ""));
    parts.push(element("h4", words.parameters), element("table", "", rows));
  }
  if (described.requestBody) parts.push(element("h4", words.body), ...content(described.requestBody.content));
  const answers = Object.entries(described.responses).map(([status, answer]) => {
    const found = answer.$ref ? document_.components.responses[answer.$ref.split("/").pop()] : answer;
    return row(status, found.description || "", element("span", "", content(found.content)));
  });
  parts.push(element("h4", words.answers), element("table", "", answers));
  const title = element("summary", "", [element("code", `${method.toUpperCase()} ${path}`), element("span", ` ${described.summary || ""}`)]);
  const made = element("details", "", [title, ...parts]);
  made.id = described.operationId;
  made.dataset.text = `${method} ${path} ${described.summary} ${described.operationId}`.toLowerCase();
  return made;
}

async function draw() {
  const answer = await fetch("/api/v1/openapi.json");
  const described = await answer.json();
  document.documentElement.lang = zh ? "zh-CN" : "en";
  document.getElementById("about").textContent = described.info.description;
  const groups = new Map();
  for (const [path, methods] of Object.entries(described.paths)) {
    for (const [method, one] of Object.entries(methods)) {
      const tag = one.tags[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(method, path, one, described));
    }
  }
  const main = document.getElementById("operations");
  for (const [tag, all] of groups) main.append(element("section", "", [element("h2", tag), ...all]));
  const schemas = Object.entries(described.components.schemas).map(([name, schema]) => {
    const made = element("details", "", [element("summary", name), element("pre", JSON.stringify(schema, null, 2))]);
    made.id = `schema-${name}`;
    made.dataset.text = name.toLowerCase();
    return made;
  });
  main.append(element("section", "", [element("h2", words.schema), ...schemas]));
  const filter = document.getElementById("filter");
  filter.placeholder = words.filter;
  filter.addEventListener("input", () => {
    const text = filter.value.toLowerCase();
    for (const made of main.querySelectorAll("details")) made.hidden = !made.dataset.text.includes(text);
  });
  const open = () => {
    const aimed = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (aimed instanceof HTMLDetailsElement) aimed.open = true;
  };
  addEventListener("hashchange", open);
  open();
}

draw();
