// Everything works without this file; with it, some things work better.
import { Button, CharacterCount, Checkboxes, createAll, ErrorSummary, NotificationBanner, Radios, SkipLink }
  from "govuk-frontend";
import { enhanceSchoolSearch } from "./school-search.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// crispy-forms-gds names what a radio reveals by aria-controls; GOV.UK Frontend 5 looks for data-aria-controls.
for (const radio of document.querySelectorAll('[data-module="govuk-radios"] input[aria-controls]')) {
  radio.dataset.ariaControls = radio.getAttribute("aria-controls");
}

// GOV.UK Frontend says of a radio that it is expanded, which no radio can be: ARIA leaves that to the group's words.
class PlainRadios extends Radios {
  syncConditionalRevealWithInputState(radio) {
    super.syncConditionalRevealWithInputState(radio);
    radio.removeAttribute("aria-expanded");
  }
}

for (const component of [CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PlainRadios, SkipLink]) {
  createAll(component);
}
createAll(Button, { preventDoubleClick: true });

document.querySelectorAll("input[data-school-search]").forEach(enhanceSchoolSearch);
