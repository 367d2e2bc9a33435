/** A function that may say more exactly what it takes: `acknowledge: (frame: MyFrame) => …`. Methods are compared so. */
export type Loose<Value> = Value extends (...given: infer Given) => infer Result
  ? { method(...given: Given): Result }['method']
  : Value;
export type WithLoose<Options> = { readonly [Key in keyof Options]: Loose<Options[Key]> };
