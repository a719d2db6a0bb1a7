namespace Slipway.Pipelines.Tests;

/// <summary>Compares arrays where a span, which <c>Assert.Equal</c> would make of the expected ones, can't live across an await.</summary>
internal static class Elements
{
    public static void AreEqual<T>(T[] expected, T[] actual) => Assert.Equal(expected, actual);
}
