/** Takes one token out of what a target says: services echo what they were sent. */
export class Veil {
  constructor(private readonly token: string | null) {}

  /** `found` is told each time that the token was there. */
  over(text: string, found: () => void): string {
    const { token } = this;
    // Shorter texts are no secrets, and would be found in ordinary words.
    if (token === null || token.length < 6) return text;
    const forms = [token, encodeURIComponent(token)];
    const veiled = forms.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
    if (veiled !== text) found();
    return veiled;
  }
}
