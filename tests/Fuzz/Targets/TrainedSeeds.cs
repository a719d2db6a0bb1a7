using System.IO.Compression;

namespace Slipway.Fuzz.Targets;

/// <summary>Small dumps of real models to start from, packed by zlib, as scikit-learn 1.2 and XGBoost 1.7 wrote them of four rows and two features.</summary>
internal static class TrainedSeeds
{
    /// <summary>scikit-learn: a pipeline of a scaler and a tree (protocol 4), a logistic regression by joblib, an encoder among columns (protocol 2).</summary>
    public static IReadOnlyList<byte[]> Pickles { get; } =
    [
        Unpack(
            "eNqFVEtvHEUQnn3YXhtjlgiTKOGAECBHilYJSlAOiLW0SEiMWCES5YZavTO97hbzorvHZiHhIYgTS30ihThw4Jp/ATeu/AAOSFw5JMIHuBCqema9u3YgrdFUd72rv6r+ov3tN8uBX65rPkwE11mvUIVIVCbAdd6bbu/B+S/hFm" +
            "y5JWNFYeAD3G4Yy7OY69hEPBEa3LkjD1oUOo+EMSrb6bGYWw5u41qtfq1SP3K5uqesZKngGdx1HX8wNsZ9O8qLCdKNjI0Ft6UWhqmMQdh0z2TM8LRIkGOEQJ7bzMq0mPSiXIteWiZWca35BNwyZccpnFvyKkhjOymoJtdUV+Hg" +
            "7h14H7bClmu8AcPh8J1HuPwvDCyMBp12dUEB7KOeW6JEGchTbp1pEeWZsbqMLHqTm26FCqSw9yAMbsOgMYLKeSNs3gZ52jXHcwHluZPhDgbdKtpf/Yoe9gHZrr3LNUZ9Sb5MjuWr824vHBkd1kZ/Vka+dvF/ZvcPv/t+7/eH/b" +
            "/fjS9/lT+szLqsBpLtCm1UnmHVl3qv9S5BOdoH93wsIkVsq4WIEo4ojxXhvznFnwQ95kXCoMFbtcF15A9mBrMOiLSyQvtI7R2VKWw9UyTKWnLbHgljwa2m/GMWi8JKCBvu2VTNtQDpUlt057mYy5hUzxBzT6gdadlY88hinEr4" +
            "do1s4NbJ+bTJYOg26Ew6LMtjz1nX2L15iq3JrcDzJnlVaVFi6hPMK9KCGzHv0tdfB0aD1SgqGE8KyWdKsotJr2UsL21RWsMo3U59b/8F29kjtIOgMW1Ngg39zEyfk2cHneZC5z49X6OfoiUCCmfn1CJw9MdrJ7SokZsn82hUec" +
            "wCYPywQVKEU4ZYxRrdG4vyMkNgWjh6/hpPemr5sWjduPL6/CDehOGWW0vE2LJIqiQG95T2+NWnlboM7AorsRqZE7czhQPoyfAJ1L0A7nSFg4jZMYn1KU9oNtUTZjMM9kF+Ir8OO0g/RdpFelNeCM8gvYX0RaSfIX8L6ed4vrgP" +
            "ZXgVq+z6yb4/hWt6bXPrl1d++OPHavtbv70g6m4/Orb+qWmt8NPxdqjWg/6T7F74+SP8fu23Fuw629XjscuT8vGYUSfe8Q/Ixdpme5E+6AfHUpnKyXU5km/KPr0lwi2nIs31BOdjBR+bUY4jdFBJe/8CT0toow=="),
        Unpack(
            "eNqNk89rE0EUx5NN86O1Squ3ViKKlVpMsEWkh0CVgoIrEXrxOMxmJ5nR2ZllZtaag6CHagpz8+U/8P+of0FPXr149SL6B8SXzbZViuA77L43vPl+P/OYeTs3DoJSHr5pX0pGjWpLofBPEh0z2SZSD4R1ogf+8tMi3WMDw6wVWs" +
            "FHuP0O3sC6r6dMUemG4AO5BX4uzqiEQ19xWsLjnZX7375f3W358i4WPwrDi33hiFCOmR5LHYz88mlBbI8ixgDCsl/sSWot2WdiwB10/aKhKtYJsY46hnXNavmKGfBVGfUHFnwjoa+JQCUIY38hyaQTJNdALJo5Db6O/ZG2DMKS" +
            "X9inJhczDnlrirzQkUXZhtwkhjqhMb+kSJ9Rl+GpEZhAGPhGrog1+Cu4Q4qorbIkHZJU9HCO4Je70/KhMXT43NA0RZzTYTVsFhVE1XwXIqmYTnuxyVctpynCBQeYaxPjVj7vq7Eb4iq/xtewJxDbcDj6AHuwHlZ8uQPdbvfJBC" +
            "P/hCUHkV+gUup9kiQ0xemuzvhyF4LTHaiEKUeioWMWwqUsCiaTUhHl4j9+ViTIl4+UAF+dHYI3+XV+IywfAL/J5/kav4VM986Y+MZ5In5nxFtTq/pkFvW/PKo9zfrnHcLg/R8e/e3/9Kjgyq+fTfO59OmosqJa6tHxzvjuidfC" +
            "2V3795E6p2K1Ge/XB9Z96RwfjZsnOkukeDYE71T+JHx1s73V3oQsav8GoGdNFQ=="),
        Unpack(
            "eNp1VHl/20QQtZOmSdUj6ZmmF1cLLhBDmlLCGaD0oAIFRAFxmGUlr71q7JWfdtXEpaYtJbH9+fhAMFq5icOP6g9JO7szO/PmvXk8Een1luCpqkZJu5NoUWVR0sraipmUK91I0rZInevWdHfMgtLlJyj3MFEJDpVKpbHDGpM17K" +
            "sEZTIrTAUH6dvhWhuZJllTYn8N03aTY4b3ccD+R3B2EumkopMmkdA6Vs0qEypK6hTWWVPidmJuFEsHBymBQz0crgROHoAb0UzSWGgcCfbl0TOTYDbYT7+6w1MtMGcP1im4yE/XcTQ4vLPLksx0MoNjg2AqP2W6HYHjkcrana7T" +
            "aCXcXLvq4ERwhDYlV/WWYJlaV8mGwknrIdI0SXHK3l1Pkw7mPRu+HSvWSAUyqqOL056N0OabbCzjBS+YIysbIcDuU7lxonDGRl6qXqku4WwW1nBOOgTZeREcIHsq2jxWhAUuyHkbYFQKIS20TFp1vHBr9e9l+1ggFLuXhBoves" +
            "HxvT1jGyJuSqPxkhdM0xYlEBIX8PIwWNhdsobgJksFU7wtdI4YXhkER+nA3g2qGBcL6IhVqai2s5aJeZryrsMI/ERpk2aRcXBpBLCqF7t41S1t4bWI5T2OtFP03kHBphCXbRktbmK1hNe38YaPN/tY9FGtuGV3YgtvjQLa/jl4" +
            "O5ig82srWBoO+rjiY7niTtpYD3HV87w7/9BjX+6qwTvhsIZrFTkjHWHwbmhbpZ5VXdS14k4EM3mvCpVovFfD+xU5Lc+J4HxuH0fVJORDrKJ3PSZC44MePqzIqRo+cktcOjV87Ja5vFDDamZ1wnZvwyd0U05YttvnTyV1Wq728Z" +
            "lNbQ9zGa4/B3Id8RYnwXwuCzjCJdzI4bjp4xbBIf8DRMngdigLxEv4QhLMd3y42/jSx1fBWZsltTkvrhEb0hEbV7fXw5qcep6WG5mKDDF7z3C5OTLuGS9fk7q/6cGvWEHlfvjWs6MmVrk8hI2Fu57txn3eiuukJ3w3tKLjUSQ6" +
            "ho2E//3AGiMponU2cscPw/9hbk7pwKKeKLFokkX64EcrifUNxtOmxk+e7RSFYc9MP3vBqXH5jhpCPG/ETfzSQ83qdadm/Goj1kWDU5fAtFxxy/KivCQt/X+TxGnuI8w5Xd5CJJeJl3U5ww1EKM9IGgXaVjQ+dRkaNTSJXHK/nO" +
            "5DSkfmEzLu4V5FHpGzck4elccG8rg8IU/KU3Lek6c9uVCMAkJlNKMMzVsetmg6rg/3ptXK02r7UKO0EptWhyaSAUILyu5IY0hr0M9cTe6a+bifu05uYcO6bhYc20TXfrt4YL8P8Dup72HILWj5KGVxfZOhNxqSY4IkoDX+qOGR" +
            "O8kLXOS5Ph6LYDbvYNGFkfQYnvTwJ8ETMRZmMYlDMeboFu05eOqW3LLXx18+tgi3p5TlPlpu++iT4vLdEi0HPoZZcU31X7SKYBo="),
    ];

    /// <summary>XGBoost: one tree of one branch as JSON, as UBJSON and in the binary format.</summary>
    public static IReadOnlyList<byte[]> Boosters { get; } =
    [
        Unpack(
            "eNp9k9Fu2zAMRf9Fzy6QdFkz5D1fUQQCbdMKB1kKRCZFV+TfS8pK2q1D38xDm7rivX5zEaEkLG735kCkUH8WZKt6ZPEkWEAoJ7dzK9ctMElB9JFmEsVrd+3chCDngj7BbF8/Hz6QvJ5uKBQYCZP4PmeW5dA5jxjtIfR1bK39CQ" +
            "rMRtN5rkWMSu2FemJXuZXcaqY/Kglh8hccJJeqV4XVmZSmrApWh6U2NXo/YPQvSOEoBh5We+sPIBhyoZvkj9onVfaVMoZZr/SfhipqdMQJzlFU3yRNB41ut+qcET8cKY4Fk6lYay9mZoWQQh2wCNMltGMe15vt5tePp81WcTH9" +
            "XybwKZLSnEYy8z7db+mQNoZl+J2ZTzegyz0iM4FNXO9vi/vbFvUJBceWDCPNciWPjbSdfWPR9aAuWWy0XCJgtrVU/puG6hkPuZ7xc/9gY2uW/FTy7OGiaQ2fIzJEYP5WoUAJeM9x7n+rNrpgveSiqqcE5XUXcyAWGvS7gsFXk+" +
            "7CeICo68ncErXMu+pElcT1/3led9tuc7i+AzpgLY4="),
        Unpack(
            "eNqVVMFuEzEQbSAlStqUpf0EckUCJC5cOHHrDfWUg+XdnXUGee3I4wSVKKJ/Dl5v1vYKt1X35J15mnnz/MaH27P+m0ngRoE5DIEFt9ZgubNAIXZVAlmGFgy3qNWPIT75OJwKj1DWADCJLdqI+XQcjssGuN0ZYIq3QOv3Q/zsP4" +
            "C932YBhTC8RlCWlVqTTWift7oGGX6vRem5+CjbcsPbkHundq0PSelyHSwhO5zmHajLUSZZEP52cwJv2B4qq02iSJh27gmganQcZIJhlHNfPEkFfpclJ2C/AMXG0npVR8hDIsWi4haENuiKrGRGqphnyqmQR90kKALROmkd8Pbp" +
            "ct30edRlDQ3fSeu0aex6dRepB8grrKMIyw7Hqg3K2oBKGU7+ui+UlZrIwbgSMFYkbT5zd9rzT8r8ScpcmU7S59sVtJXocFrV2Pn98UtY9kh0wGqs8IjZood1rs6LckHObRsgQq5Gzb49JFW8ocZevuhs6iwOFurMWvr0aali+v" +
            "PI5N4cLzX5Mdh82i1zSL3p9y5kb07PS3YRF97oVOmE3PTL9w+BwrXfctYY3TK+d6+PeHRVK8mJXq7Awq85NwKyL9Zclz/d7LiHQ37etyUqbu6/Si2QLFbRaiCYd+145IIqLt0lajoteNo1ijpzw5JzXnweXuMEZzg9/gO2PjdB"),
        Unpack(
            "eNrNkc0KwjAQhGMFxYv6DHv2YK+99OJ7hKSscaVNShIUKQXf3B/cYOlRUJzLt0x2YcJosnshRJmJlyYDzpnJ+7ZWTE1W+UtRO0MhUjVj2+joEX8Z6BON82V/kOk2EFtXRvmehZgyl6kIDFFSRK8iOZt+tV0Pn+2zFFlTQzEt5A" +
            "senD5iFemEOzY6sKpBKGBUMWzAo5G1C0G2yqsGig5CpWqUrQvyjGQO8XGWQ9/fAaFJQdw="),
    ];

    private static byte[] Unpack(string text)
    {
        using ZLibStream packed = new(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using MemoryStream plain = new();
        packed.CopyTo(plain);
        return plain.ToArray();
    }
}
