// Suggestions under a school search box: an ARIA 1.2 combobox with a listbox.
//
// <form method="get" action="/schools/search/">
//   <input name="q" data-school-search data-url="/schools/search/" [data-choose-url="/apply/.../"]>
// </form>
//
// Without this script the form shows a page of results. Choosing a suggestion goes to data-choose-url?urn=...;
// without a data-choose-url it sends the form with a hidden `urn`.

const WAIT_MS = 150;
const SHORTEST = 2;

let boxes = 0;

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function describe(school) {
  const { town, postcode, la, phase, status, successor, urn } = school;
  const place = [town, postcode].filter(Boolean).join(" ");
  const state = status === "Open" ? "" : status;
  return [place, la, phase, `URN ${urn}`, state, successor && `now ${successor}`].filter(Boolean).join(" · ");
}

async function fetchSchools(url, text, signal) {
  const address = new URL(url, document.baseURI);
  address.searchParams.set("q", text);
  const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status} from ${address.pathname}`);
  const answer = await response.json();
  return Array.isArray(answer) ? answer : answer.schools;
}

export function enhanceSchoolSearch(input) {
  const id = `school-search-${++boxes}`;
  const wrapper = element("div", "school-search");
  const list = element("ul", "school-search__list");
  const status = element("p", "school-search__status");
  let schools = [];
  let active = -1;
  let timer;
  let request;

  list.id = id;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Schools found");
  list.hidden = true;
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
  })) input.setAttribute(name, value);
  input.replaceWith(wrapper);
  wrapper.append(input, list);
  wrapper.after(status);

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function forget() {
    clearTimeout(timer);
    request?.abort();
    schools = [];
    close();
  }

  function show() {
    list.replaceChildren(...schools.map((school, index) => {
      const option = element("li", "school-search__option");
      option.id = `${id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(
        element("span", "school-search__name", school.name),
        element("span", "school-search__detail", describe(school)),
      );
      option.addEventListener("click", () => choose(index));
      return option;
    }));
    active = -1;
    list.scrollTop = 0;
    list.hidden = !schools.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    status.textContent = schools.length
      ? `${schools.length} ${schools.length === 1 ? "school" : "schools"} found. Choose one from the list.`
      : "No school found yet. Check the spelling, or try the town, postcode or URN.";
  }

  function point(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function choose(index) {
    const { urn, name } = schools[index];
    input.value = name;
    forget();
    status.textContent = `${name} chosen.`;
    if (input.dataset.chooseUrl) {
      const address = new URL(input.dataset.chooseUrl, document.baseURI);
      address.searchParams.set("urn", urn);
      location.assign(address);
      return;
    }
    const field = input.form.querySelector('input[name="urn"]') ?? element("input", "");
    Object.assign(field, { type: "hidden", name: "urn", value: urn });
    input.form.append(field);
    input.form.requestSubmit();
  }

  async function look() {
    const text = input.value.trim();
    request?.abort();
    if (text.length < SHORTEST) {
      schools = [];
      status.textContent = "";
      close();
      return;
    }
    request = new AbortController();
    const { signal } = request;
    try {
      const found = await fetchSchools(input.dataset.url, text, signal);
      if (signal.aborted) return;
      schools = found;
      show();
    } catch (problem) {
      if (problem.name === "AbortError") return;
      forget();
      status.textContent = "Suggestions are not available. Press Enter to search.";
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && schools.length) {
      event.preventDefault();
      if (!open) show();
      const last = schools.length - 1;
      const next = active + step;
      point(next > last ? 0 : next < 0 ? last : next);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  });
  // A press on the list must not take the focus, or blur would close it before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  input.form?.addEventListener("submit", forget);
}
