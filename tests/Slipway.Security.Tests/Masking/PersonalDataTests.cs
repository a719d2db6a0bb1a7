using Slipway.Security.Masking;

namespace Slipway.Security.Tests.Masking;

public sealed class PersonalDataTests
{
    private const PersonalDataKinds All = PersonalDataKinds.Email | PersonalDataKinds.Phone | PersonalDataKinds.Card | PersonalDataKinds.NationalId;

    [Theory]
    [InlineData("write to alice.b+x@mail.example.co.uk now", "write to [email] now")]
    [InlineData("<a_b@example.org>", "<[email]>")]
    [InlineData("4111 1111 1111 1111", "[card]")]
    [InlineData("4111-1111-1111-1111", "[card]")]
    [InlineData("pan=378282246310005;", "pan=[card];")]
    [InlineData("5555555555554444", "[card]")]
    [InlineData("6011000990139424", "[card]")]
    [InlineData("+49 30 901820", "[phone]")]
    [InlineData("call +1 (212) 555-0123!", "call [phone]!")]
    [InlineData("(212) 555-0123", "[phone]")]
    [InlineData("212-555-0123", "[phone]")]
    [InlineData("+442079460958", "[phone]")]
    [InlineData("123-45-6789", "[national-id]")]
    [InlineData("AB 12 34 56 C", "[national-id]")]
    [InlineData("12345678Z", "[national-id]")]
    [InlineData("X1234567L", "[national-id]")]
    [InlineData("RSSMRA85T10A562S", "[national-id]")]
    [InlineData("529.982.247-25", "[national-id]")]
    [InlineData("44051401359", "[national-id]")]
    [InlineData("86095742719", "[national-id]")]
    [InlineData("756.9217.0769.85", "[national-id]")]
    [InlineData("1 84 12 76 451 089 46", "[national-id]")]
    public void What_is_personal_is_replaced_by_what_it_was(string text, string expected) => Assert.Equal(expected, new PersonalData(All).Replace(text));

    [Theory]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("0000 0000 0000 0000")]
    [InlineData("model fraud version 12 is ready after 407 ms")]
    [InlineData("123456789")]
    [InlineData("000-12-3456")]
    [InlineData("666-12-3456")]
    [InlineData("12345678A")]
    [InlineData("529.982.247-26")]
    [InlineData("2026-11-21T16:05:16.571Z")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("user@localhost")]
    [InlineData("3.141592653589793")]
    [InlineData("models.maxConvertedBytes = 4294967296")]
    public void Other_numbers_and_words_stay(string text) => Assert.Equal(text, new PersonalData(All).Replace(text));

    [Fact]
    public void Only_what_was_asked_for_is_looked_for()
    {
        const string Text = "a@example.org 4111111111111111";
        Assert.Equal("[email] 4111111111111111", new PersonalData(PersonalDataKinds.Email).Replace(Text));
        Assert.Equal("a@example.org [card]", new PersonalData(PersonalDataKinds.Card).Replace(Text));
        Assert.Equal(Text, new PersonalData(PersonalDataKinds.None).Replace(Text));
    }

    [Fact]
    public void Generated_card_numbers_are_found_and_those_with_another_last_digit_are_not()
    {
        PersonalData finder = new(PersonalDataKinds.Card);
        Random random = new(99);
        for (int i = 0; i < 2000; i++)
        {
            char[] digits = [.. Enumerable.Range(0, random.Next(12, 19)).Select(_ => (char)('0' + random.Next(10)))];
            if (digits.Distinct().Count() == 1)
            {
                continue;
            }

            string body = new(digits);
            char check = Enumerable.Range(0, 10).Select(static digit => (char)('0' + digit)).Single(digit => Sum(body + digit) % 10 == 0);
            Assert.Equal("[card]", finder.Replace(body + check));
            char other = check == '9' ? '0' : (char)(check + 1);
            Assert.Equal(body + other, finder.Replace(body + other));
        }
    }

    [Fact]
    public void Long_hostile_texts_are_searched_in_time()
    {
        PersonalData finder = new(All);
        foreach (string part in (string[])["1", "1 ", "1-", "a@", "@a.", "+1 ", "a.", "1.", "A", "+"])
        {
            string text = string.Concat(Enumerable.Repeat(part, 200_000 / part.Length));
            finder.Replace(text);
        }
    }

    private static int Sum(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : (digit * 2 / 10) + (digit * 2 % 10);
        }

        return sum;
    }
}
