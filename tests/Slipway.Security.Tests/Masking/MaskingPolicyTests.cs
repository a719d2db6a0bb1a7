using Slipway.Core;
using Slipway.Security.Masking;
using Slipway.Security.Policies;

namespace Slipway.Security.Tests.Masking;

public sealed class MaskingPolicyTests
{
    private static readonly MaskingKey Key = new([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);

    [Fact]
    public void The_first_rule_that_fits_decides()
    {
        MaskingPolicy policy = Policy(Rule("salary", MaskAction.Drop), Rule("sal*", MaskAction.Truncate), Rule("*", MaskAction.Hash));
        Assert.Null(policy.Mask("salary", "100000"));
        Assert.Equal("9001", policy.Mask("sal-id", "900123"));
        Assert.Equal(32, policy.Mask("name", "Alice")!.Length);
    }

    [Fact]
    public void A_field_without_a_rule_is_searched() => Assert.Equal("mail [email]", Policy(Rule("x", MaskAction.Drop)).Mask("note", "mail a@example.org"));

    [Fact]
    public void Hashes_are_those_of_HMAC_and_differ_by_key_and_field()
    {
        MaskingPolicy policy = Policy(Rule("*", MaskAction.Hash));
        string hash = policy.Mask("name", "Alice")!;
        Assert.Equal(hash, policy.Mask("name", "Alice"));
        Assert.NotEqual(hash, policy.Mask("other", "Alice"));
        Assert.NotEqual(hash, policy.Mask("name", "alice"));
        Assert.NotEqual(hash, new MaskingPolicy([Rule("*", MaskAction.Hash)], new PersonalData(default), new MaskingKey(new byte[32])).Mask("name", "Alice"));

        // Stored values are compared with later ones: when this fails, the construction has changed, and all of them become strangers.
        Assert.Equal(Expected("name", "Alice"), hash);
    }

    [Fact]
    public void A_field_and_a_value_are_not_confused_with_others_that_read_the_same()
    {
        MaskingPolicy policy = Policy(Rule("*", MaskAction.Hash));
        Assert.NotEqual(policy.Mask("ab", "c"), policy.Mask("a", "bc"));
    }

    [Fact]
    public void A_token_looks_like_the_value_and_is_always_the_same()
    {
        MaskingPolicy policy = Policy(Rule("*", MaskAction.Tokenise));
        string token = policy.Mask("iban", "DE89 3704-0044 äß")!;
        Assert.Matches(@"^[A-Z]{2}\d{2} \d{4}-\d{4} [a-z]{2}$", token);
        Assert.Equal(token, policy.Mask("iban", "DE89 3704-0044 äß"));
        Assert.NotEqual(token, policy.Mask("other", "DE89 3704-0044 äß"));
        Assert.Equal(500, policy.Mask("x", new string('1', 500))!.Length);
    }

    [Theory]
    [InlineData("abcdef", "abcd")]
    [InlineData("abc", "abc")]
    [InlineData("", "")]
    [InlineData("abc😀", "abc")]
    public void Truncating_leaves_whole_characters(string value, string expected) => Assert.Equal(expected, Policy(Rule("*", MaskAction.Truncate)).Mask("x", value));

    [Fact]
    public void Hashing_without_a_key_or_with_a_short_one_is_refused()
    {
        Assert.Contains("'pan'", Assert.Throws<SlipwayException>(() => new MaskingPolicy([Rule("pan", MaskAction.Hash)], new PersonalData(default), null)).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<SlipwayException>(() => new MaskingKey(new byte[31])).Code);
    }

    private static string Expected(string field, string value)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(field);
        byte[] message = [0, 0, 0, 0, (byte)name.Length, 0, 0, 0, .. name, .. System.Text.Encoding.UTF8.GetBytes(value)];
        return Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray(), message))[..32];
    }

    private static MaskRule Rule(string fields, MaskAction action) => new(ModelPattern.Parse(fields), action);

    private static MaskingPolicy Policy(params MaskRule[] rules) => new(rules, new PersonalData(PersonalDataKinds.Email), Key);
}
