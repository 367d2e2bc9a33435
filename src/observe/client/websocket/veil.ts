/** Takes one token out of what a target says: services echo what they were sent. */
export class Veil {
  readonly #forms: readonly string[];

  /** `found` is told each time that the token was there. */
  constructor(token: string | null) {
    // Shorter texts are no secrets, and would be found in ordinary words.
    this.#forms = token === null || token.length < 6 ? [] : [token, encodeURIComponent(token)];
  }

  over(text: string, found: () => void): string {
    const veiled = this.#forms.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
    if (veiled !== text) found();
    return veiled;
  }
}
