/* Keys for working off proposals, and what is left to divide while one types.
   Without this the page works by its forms and links. Single keys obey the desk's switch. */
(() => {
  "use strict";

  const areOn = () => localStorage.getItem("tijdig-keys") !== "off";
  const isTyping = (target) =>
    target.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === "INPUT" && !/^(radio|checkbox)$/.test(target.type));

  const open = (summary) => {
    const details = summary.closest("details");
    details.open = true;
    const fields = "form[method=post] input:not([type=hidden]), textarea";
    const field = details.querySelector(fields) || details.querySelector("input[type=search]");
    if (field) {
      field.focus();
    }
  };

  const act = (target) => {
    if (target.tagName === "SUMMARY") {
      open(target);
    } else if (target.type === "radio") {
      target.checked = true;
      target.focus();
    } else {
      target.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !areOn()) {
      return;
    }
    const key = event.key.toLowerCase();
    const onControl = event.target.closest("a, button, summary");
    if (key === "enter" && !onControl) {
      const form = document.querySelector("[data-match-form]");
      if (form && form.querySelector("button")) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    const target = document.querySelector(`[data-match="${CSS.escape(key)}"]`);
    if (target) {
      event.preventDefault();
      act(target);
    }
  });

  const cents = (text) => {
    let plain = text.replace(/[€\s]/g, "");
    if (plain.includes(",")) {
      plain = plain.replace(/\./g, "").replace(",", ".");
    }
    return plain === "" ? 0 : Math.round(Number(plain) * 100);
  };

  const euros = (amount) =>
    new Intl.NumberFormat("nl-NL", { style: "currency", currency: "EUR" }).format(amount / 100);

  for (const form of document.querySelectorAll("[data-split]")) {
    const rest = form.querySelector("[data-rest]");
    const bar = form.querySelector("[data-bar]");
    const inputs = form.querySelectorAll("[data-open]");
    const left = () =>
      [...inputs].reduce((sum, one) => sum - cents(one.value), Number(form.dataset.split));
    form.addEventListener("input", () => {
      const amount = left();
      rest.textContent = Number.isNaN(amount) ? "?" : euros(amount);
      bar.value = Number.isNaN(amount) ? 0 : Number(form.dataset.split) - amount;
    });
    for (const input of inputs) {
      input.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown") {
          event.preventDefault();
          const amount = Math.min(Math.max(left() + cents(input.value), 0), input.dataset.open);
          input.value = (amount / 100).toFixed(2).replace(".", ",");
          form.dispatchEvent(new Event("input"));
        }
      });
    }
  }
})();
