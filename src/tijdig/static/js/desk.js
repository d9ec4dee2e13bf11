/* The little that HTML and htmx cannot do.
   Keys for people who do not use a mouse: G then a letter, / to search, ? for this list.
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
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "?") {
      openHelp();
    }
  });

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
