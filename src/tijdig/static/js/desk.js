/* The little that HTML and htmx cannot do.
   Keys for people who do not use a mouse: G then a letter, / or Ctrl K to search, J and K along
   the rows of a list, ? for this list.
   Single keys can be switched off in the same list (WCAG 2.1.4); the choice stays in the browser. */
(() => {
  "use strict";

  const STORE = "tijdig-keys";
  const WAIT_MS = 1200;
  const help = document.getElementById("keys");
  const toggle = document.getElementById("keys-on");
  let goUntil = 0;

  const areOn = () => localStorage.getItem(STORE) !== "off";

  const isTyping = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  const openHelp = () => {
    if (help && !help.open) {
      help.showModal();
    }
  };

  const go = (key) => {
    const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (link) {
      link.click();
    }
  };

  // A page without a search of its own sends one to the debtors, with the search ready.
  const SEARCH = "#zoek";
  const search = () => {
    const field = document.querySelector("[data-search]");
    const debtors = document.querySelector('[data-key="d"]');
    if (field) {
      field.focus();
      field.select();
    } else if (debtors) {
      location.assign(debtors.href + SEARCH);
    }
  };

  // Whose first thing is a link, is a row that can be opened. Proposals have J and K of their own.
  const step = (by) => {
    if (document.querySelector("[data-match]")) {
      return;
    }
    const rows = [...document.querySelectorAll("main table.list tbody tr")].filter((row) =>
      row.querySelector("a"),
    );
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = at === -1 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    if (rows[next]) {
      rows[next].querySelector("a").focus();
    }
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search();
    } else if (event.key === "Escape" && event.target.matches("[data-search]")) {
      if (event.target.value === "") {
        event.target.blur();
      }
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !areOn()) {
      return;
    }
    const now = Date.now();
    if (now < goUntil) {
      goUntil = 0;
      go(event.key.toLowerCase());
    } else if (event.key === "g" || event.key === "G") {
      goUntil = now + WAIT_MS;
    } else if (event.key === "/") {
      event.preventDefault();
      search();
    } else if (event.key === "?") {
      openHelp();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    }
  });

  if (location.hash === SEARCH && document.querySelector("[data-search]")) {
    search();
  }

  // On a narrow screen the menu is a strip: what gets the focus has to come into sight whole.
  const menu = document.querySelector(".nav");
  if (menu) {
    menu.addEventListener("focusin", (event) => {
      event.target.scrollIntoView({ block: "nearest", inline: "center" });
    });
  }

  // A form that came back with what is wrong in it did nothing: loading the page again opens it
  // anew, instead of asking whether to send it once more.
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival && arrival.responseStatus === 422) {
    history.replaceState(history.state, "", location.href);
  }

  const here = document.querySelector(".nav [aria-current]");
  if (here) {
    here.scrollIntoView({ block: "nearest", inline: "center" });
  }

  if (toggle) {
    toggle.checked = areOn();
    toggle.addEventListener("change", () => {
      localStorage.setItem(STORE, toggle.checked ? "on" : "off");
    });
  }

  for (const button of document.querySelectorAll("[data-open-keys]")) {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  }

  const menus = document.querySelectorAll("details.switcher");
  document.addEventListener("click", (event) => {
    for (const menu of menus) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of menus) {
        if (menu.open) {
          menu.open = false;
          menu.querySelector("summary").focus();
        }
      }
    }
  });
})();
