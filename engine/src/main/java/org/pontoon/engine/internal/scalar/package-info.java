/**
 * Every loop in plain Java: the truth that the vector room is held against, and what runs until that is compiled.
 *
 * <p>One class for each of the vector room, with the same names, arguments and bits. Written to be quick as well, with what C1 and C2 make
 * of plain loops: elements of one output chain in their fixed order, and among outputs the order in which memory lies. C2 turns a loop into
 * vectors only if all arrays in it are indexed alike, or else fears that they overlap; where they are not, a stretch is copied out first.
 */
package org.pontoon.engine.internal.scalar;
