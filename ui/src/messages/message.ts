// What a catalogue is made of.

/** A sentence in each plural form that the language has (CLDR); `{count}` decides which. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Text with `{placeholders}`. It is put on the page as text, never as HTML. */
export type Message = string | Plural;

export type Values = Record<string, string | number>;

/** The message with its placeholders filled in; numbers are written as the language writes them. */
export function format(message: Message, values: Values, language: string): string {
  return form(message, values, language).replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}

function form(message: Message, values: Values, language: string): string {
  if (typeof message === 'string') return message;
  const count = Number(values['count'] ?? 0);
  return message[new Intl.PluralRules(language).select(count)] ?? message.other;
}
