// SPDX-License-Identifier: ISC
// What the studies of all peers go by.
export const market = [1, 20, 46, 47, 49, 50, 51, 52, 90]; // what is a trade, by dealsource
export const booked = [44, 45, 48, 91]; // what is none, though leavesquantity and totalmatchedquantity move
export const stateColumns = ["side", "participantid", "exchangeordertype", "price", "quantity", "leavesquantity", "totalmatchedquantity"];
export const sqlList = (values) => `(${values.join(", ")})`;
