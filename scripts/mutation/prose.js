/** Two words beside each other, or a word beside a hole in a template: a sentence for people, not a name that code compares. */
const sentence = /[a-z]{2,}[,;:.]? | [a-z]{2,}/iu;

/** What decides. A template with one of these in it is mutated, with everything that it says. */
const deciding = new Set([
  'ArrowFunctionExpression',
  'BinaryExpression',
  'ConditionalExpression',
  'LogicalExpression',
  'OptionalCallExpression',
  'OptionalMemberExpression',
  'UnaryExpression',
]);

const isSentence = ({ quasis }) => quasis.some(({ value }) => sentence.test(value.raw));

function decides(template) {
  let found = false;
  template.traverse({
    enter(path) {
      if (!deciding.has(path.type)) return;
      found = true;
      path.stop();
    },
  });
  return found;
}

/**
 * Leaves out what only people read: sentences, and what a check says about itself (`about`). Whether a summary says what it should is for
 * the tests to state, and they do; but an empty sentence in place of another shows no fault of judgement. Names (`'pass'`, `'lost'`,
 * kinds of events, keys) are no sentences and stay.
 */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'prose',
    value: {
      shouldIgnore(path) {
        if (path.isObjectProperty() && path.node.key.name === 'about')
          return 'what a check says about itself';
        if (path.isStringLiteral() && sentence.test(path.node.value)) return 'a sentence';
        return path.isTemplateLiteral() && isSentence(path.node) && !decides(path) ? 'a sentence' : undefined;
      },
    },
  },
];
