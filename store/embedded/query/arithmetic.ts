/** `$inc`, `$mul` and `$bit` with BSON's result types: int32 grows into int64, int64 never wraps, a double stays one. */
import { Decimal128, Double, Long } from 'bson';
import { CommandError, notImplemented } from '../errors';
import { numberOf } from '../values/codec';

type Operation = 'add' | 'multiply';

const isInt32 = (value: unknown): value is number =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  value >= -(2 ** 31) &&
  value < 2 ** 31 &&
  !Object.is(value, -0);

const isWhole = (value: unknown): value is number | Long => isInt32(value) || value instanceof Long;

const toBigInt = (value: number | Long): bigint => (typeof value === 'number' ? BigInt(value) : value.toBigInt());

/** A double that is stored as a double even where it happens to be whole. */
export const asDouble = (value: number): number | Double => (isInt32(value) ? new Double(value) : value);

/** @throws CommandError for operands that are not numbers and for results beyond 64 bits. */
export const calculate = (operation: Operation, left: unknown, right: unknown): unknown => {
  if (left instanceof Decimal128 || right instanceof Decimal128)
    throw notImplemented('arithmetic on Decimal128 in an update');
  if (isWhole(left) && isWhole(right)) {
    const exact = operation === 'add' ? toBigInt(left) + toBigInt(right) : toBigInt(left) * toBigInt(right);
    if (BigInt.asIntN(64, exact) !== exact)
      throw new CommandError('BadValue', 'the result of $inc or $mul does not fit into 64 bits');
    const wide = left instanceof Long || right instanceof Long || !isInt32(Number(exact));
    return wide ? Long.fromBigInt(exact) : Number(exact);
  }
  const [a, b] = [numberOf(left) ?? NaN, numberOf(right) ?? NaN];
  return asDouble(operation === 'add' ? a + b : a * b);
};

const BITWISE = {
  and: (left: bigint, right: bigint) => left & right,
  or: (left: bigint, right: bigint) => left | right,
  xor: (left: bigint, right: bigint) => left ^ right,
};

/** @throws CommandError for operands that are not whole numbers. */
export const bitwise = (current: unknown, operations: Record<string, unknown>): unknown => {
  let value = current ?? 0;
  for (const [name, operand] of Object.entries(operations)) {
    const operate = BITWISE[name as keyof typeof BITWISE];
    if (!operate)
      throw new CommandError('BadValue', `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
    if (!isWhole(value) || !isWhole(operand))
      throw new CommandError('BadValue', 'Cannot apply $bit to a value that is not a whole number');
    const result = operate(toBigInt(value), toBigInt(operand));
    value = value instanceof Long || operand instanceof Long ? Long.fromBigInt(result) : Number(result);
  }
  return value;
};
