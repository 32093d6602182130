export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

export function times(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

/** Four numbers, -1 (all bits) where those given are not 0. */
export function present(a: v128): v128 {
  return f32x4.ne(a, f32x4.splat(0));
}
