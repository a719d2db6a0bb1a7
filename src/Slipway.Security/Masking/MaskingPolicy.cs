using Slipway.Core;

namespace Slipway.Security.Masking;

/// <summary>
/// What is done to values before they are kept or written anywhere. The first rule whose pattern fits a field decides; a field that no rule names is searched for personal data.
/// Pure and thread-safe.
/// </summary>
public sealed class MaskingPolicy
{
    private readonly MaskRule[] _rules;
    private readonly MaskingKey? _key;
    private readonly PersonalData _finders;

    /// <summary>A policy.</summary>
    /// <param name="rules">In the order in which they are tried.</param>
    /// <param name="finders">What is searched for in text.</param>
    /// <param name="key">Key of hashes and tokens; null where no rule asks for them.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: a rule needs a key and there is none.</exception>
    public MaskingPolicy(IEnumerable<MaskRule> rules, PersonalData finders, MaskingKey? key)
    {
        (_rules, _finders, _key) = ([.. rules], finders, key);
        if (key is null && _rules.FirstOrDefault(static rule => rule.Action is MaskAction.Hash or MaskAction.Tokenise) is { } keyed)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"masking of '{keyed.Fields}' needs a key");
        }
    }

    /// <summary>The value of a field as it may be kept; null: it is left out.</summary>
    public string? Mask(string field, string value)
    {
        foreach (MaskRule rule in _rules)
        {
            if (rule.Fields.Matches(field))
            {
                return Apply(rule, field, value);
            }
        }

        return _finders.Replace(value);
    }

    private string? Apply(MaskRule rule, string field, string value) => rule.Action switch
    {
        MaskAction.Drop => null,
        MaskAction.Hash => _key!.Hash(field, value),
        MaskAction.Tokenise => _key!.Tokenise(field, value),
        MaskAction.Truncate => Cut(value, rule.Keep),
        _ => _finders.Replace(value),
    };

    private static string Cut(string value, int keep)
    {
        if (value.Length <= keep)
        {
            return value;
        }

        // Half of a character that takes two would be no text.
        return keep > 0 && char.IsHighSurrogate(value[keep - 1]) ? value[..(keep - 1)] : value[..keep];
    }
}
