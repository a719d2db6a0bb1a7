using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Search;

/// <summary>Cuts a filter or an order into words. Never fails but for a quote that is not closed and a text that is too long.</summary>
internal static class FilterLexer
{
    /// <summary>Longest filter in characters.</summary>
    public const int MaxLength = 65_536;

    /// <summary>Cuts the text; the last word is <see cref="FilterTokenKind.End"/>.</summary>
    /// <exception cref="MlflowException">A quote is not closed, or the text is too long.</exception>
    public static List<FilterToken> Read(string text)
    {
        if (text.Length > MaxLength)
        {
            throw MlflowException.Invalid($"The filter has {text.Length} characters; at most {MaxLength} are read.");
        }

        List<FilterToken> tokens = [];
        int position = 0;
        while (true)
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
            {
                position++;
            }

            if (position == text.Length)
            {
                tokens.Add(new FilterToken(FilterTokenKind.End, "", position, position));
                return tokens;
            }

            FilterToken token = ReadOne(text, position);
            tokens.Add(token);
            position = token.End;
        }
    }

    private static FilterToken ReadOne(string text, int start) => text[start] switch
    {
        '\'' => Quoted(text, start, FilterTokenKind.Text),
        '"' when !ContinuesName(text, ClosingQuote(text, start)) => Quoted(text, start, FilterTokenKind.QuotedName),
        '(' => new FilterToken(FilterTokenKind.Open, "(", start, start + 1),
        ')' => new FilterToken(FilterTokenKind.Close, ")", start, start + 1),
        ',' => new FilterToken(FilterTokenKind.Comma, ",", start, start + 1),
        '=' or '!' or '<' or '>' => Comparator(text, start),
        >= '0' and <= '9' or '-' or '+' or '.' when NumberEnd(text, start) is var end && end > start => new FilterToken(FilterTokenKind.Number, text[start..end], start, end),
        char first when IsNameStart(first) => Name(text, start),
        _ => new FilterToken(FilterTokenKind.Other, text[start].ToString(), start, start + 1),
    };

    private static FilterToken Quoted(string text, int start, FilterTokenKind kind)
    {
        int end = ClosingQuote(text, start);
        return new FilterToken(kind, text[(start + 1)..(end - 1)], start, end);
    }

    // Behind the closing quote. A doubled quote stands for itself and does not close.
    private static int ClosingQuote(string text, int start)
    {
        char quote = text[start];
        for (int index = start + 1; index < text.Length; index++)
        {
            if (text[index] != quote)
            {
                continue;
            }

            if (quote != '`' && index + 1 < text.Length && text[index + 1] == quote)
            {
                index++;
                continue;
            }

            return index + 1;
        }

        throw MlflowException.Invalid($"Invalid clause(s) in filter string: {text[start..]} (a quote is not closed)");
    }

    private static FilterToken Comparator(string text, int start)
    {
        int end = start + 1;
        if (end < text.Length && text[end] is '=' or '>')
        {
            end++;
        }

        return new FilterToken(FilterTokenKind.Comparator, text[start..end], start, end);
    }

    private static FilterToken Name(string text, int start)
    {
        int end = start;
        while (end < text.Length)
        {
            if (text[end] is '`' or '"')
            {
                end = ClosingQuote(text, end);
            }
            else if (IsNamePart(text[end]))
            {
                end++;
            }
            else
            {
                break;
            }
        }

        return new FilterToken(FilterTokenKind.Name, text[start..end], start, end);
    }

    private static int NumberEnd(string text, int start)
    {
        int index = start;
        if (text[index] is '-' or '+')
        {
            index++;
        }

        int digits = index;
        while (index < text.Length && char.IsAsciiDigit(text[index]))
        {
            index++;
        }

        bool any = index > digits;
        if (index < text.Length && text[index] == '.')
        {
            int fraction = ++index;
            while (index < text.Length && char.IsAsciiDigit(text[index]))
            {
                index++;
            }

            any |= index > fraction;
        }

        if (any && index + 1 < text.Length && text[index] is 'e' or 'E')
        {
            int exponent = index + 1;
            exponent += text[exponent] is '-' or '+' ? 1 : 0;
            int first = exponent;
            while (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                exponent++;
            }

            index = exponent > first ? exponent : index;
        }

        return any && (index == text.Length || !IsNamePart(text[index])) ? index : start;
    }

    private static bool ContinuesName(string text, int end) => end < text.Length && text[end] == '.';

    private static bool IsNameStart(char character) => char.IsLetterOrDigit(character) || character is '_' or '`' or '"';

    private static bool IsNamePart(char character) => char.IsLetterOrDigit(character) || character is '_' or '.' or '$' or '@' or '#';
}
