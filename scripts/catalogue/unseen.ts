/** Numbers of the catalogue that no check catches, each with the reason. */
export const unseen: Readonly<Record<number, string>> = {
  48: 'Sessions of a run do not answer each other’s messages, so no history has a reply and what it answers.',
  49: 'Times that a service gives its messages are not in a history: clocks of another machine prove nothing.',
  59: 'What an assistant’s tools did is not seen from outside; that an answer stands twice or never is (50 to 58).',
  83: 'Not tried: it would lock users of the target out.',
};
