// SPDX-License-Identifier: Apache-2.0
// The only script of these pages: no form speaks WebAuthn. A form with data-passkey="create" or "get" holds what the
// authenticator is asked (data-options, JSON with base64url); its answer goes into the form's hidden fields, and the form
// is sent. data-now: at once. Without this script, or without passkeys in the browser, data-passkey-on stays hidden and
// data-passkey-off says why.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const show = (name, on) => {
    for (const e of document.querySelectorAll(`[${name}]`)) e.hidden = !on;
  };
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    buffer
      ? btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(""))
          .replace(/\+/g, "-")
          .replace(/\//g, "_")
          .replace(/=+$/, "")
      : "";
  const words = {
    InvalidStateError: "This device has a passkey of yours already.",
    NotAllowedError: "That was called off, took too long, or this device has no such passkey.",
    SecurityError: "The address of this page cannot have passkeys.",
  };
  const withBytes = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const key of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) key.id = bytes(key.id);
    return options;
  };
  const run = async (form) => {
    const said = form.querySelector("[data-passkey-said]");
    const fields = form.elements;
    said.hidden = true;
    try {
      const publicKey = withBytes(JSON.parse(form.dataset.options));
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
      const answer = made.response;
      fields.client.value = text(answer.clientDataJSON);
      if (form.dataset.passkey === "create") {
        fields.attestation.value = text(answer.attestationObject);
        fields.transports.value = answer.getTransports?.().join(" ") ?? "";
      } else {
        fields.credential.value = made.id;
        fields.authenticator.value = text(answer.authenticatorData);
        fields.signature.value = text(answer.signature);
        fields.handle.value = text(answer.userHandle);
      }
      form.submit();
    } catch (error) {
      said.textContent = words[error.name] ?? String(error);
      said.hidden = false;
    }
  };
  show("data-passkey-on", true);
  show("data-passkey-off", false);
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form);
    });
    if ("now" in form.dataset) run(form);
  }
})();
