package io.innerspan.workbench.data;

/**
 * One labelled text.
 *
 * @param row the record's number in its file, from 1 (the header is not counted)
 * @param text the text, not blank
 * @param label the label as the file has it
 * @param positive whether the label is the one that the probe is to find
 * @param group the template family; texts of one group are never split over parts
 */
public record LabelledText(long row, String text, String label, boolean positive, String group) {}
