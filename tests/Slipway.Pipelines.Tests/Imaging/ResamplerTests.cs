using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Imaging;

namespace Slipway.Pipelines.Tests.Imaging;

/// <summary>Figures by hand: a new pixel's centre lies at (i + 0.5) · old / new - 0.5.</summary>
public sealed class ResamplerTests
{
    [Theory]
    [InlineData(new float[] { 0, 1, 2, 3 }, new float[] { 0.5f, 2.5f })]
    [InlineData(new float[] { 0, 3, 6 }, new float[] { 0.75f, 5.25f })]
    [InlineData(new float[] { 0, 4 }, new float[] { 0, 1, 3, 4 })]
    [InlineData(new float[] { 0, 10, 20, 40, 80 }, new float[] { 7.5f, 50 })]
    [InlineData(new float[] { 5 }, new float[] { 5, 5, 5 })]
    [InlineData(new float[] { 1, 9 }, new float[] { 5 })]
    [InlineData(new float[] { 2, 7, 1, 8 }, new float[] { 2, 7, 1, 8 })]
    public void Bilinear_takes_pixels_at_their_centres_across_and_down(float[] line, float[] expected)
    {
        Assert.Equal(expected, Mix(new ImageSizing(1, expected.Length), 1, line.Length, line));
        Assert.Equal(expected, Mix(new ImageSizing(expected.Length, 1), line.Length, 1, line));
    }

    [Fact]
    public void Both_directions_are_mixed_one_after_the_other() =>
        Assert.Equal([0.5f * (0.125f + 4.125f), 0.5f * (0.875f + 4.875f)], Mix(new ImageSizing(1, 2), 2, 3, [0, 0.5f, 1, 4, 4.5f, 5]), new Near(1e-6f));

    // Weights 3/4, 3/4, 1/4 over their sum; Pillow gives the same figures in floating point.
    [Theory]
    [InlineData(new float[] { 0, 1, 2, 3 }, new float[] { 5f / 7, 16f / 7 })]
    [InlineData(new float[] { 0, 4 }, new float[] { 0, 1, 3, 4 })]
    [InlineData(new float[] { 0, 0, 0, 0 }, new float[] { 0, 0, 0 })]
    public void Antialiased_takes_in_every_pixel_under_the_triangle(float[] line, float[] expected) =>
        Assert.Equal(expected, Mix(new ImageSizing(1, expected.Length) { Antialias = true }, 1, line.Length, line), new Near(1e-6f));

    [Fact]
    public void Nearest_takes_the_pixel_that_the_centre_falls_into()
    {
        Assert.Equal([1, 1, 2, 3, 3], Pick(new ImageSizing(1, 5) { Bilinear = false }, 1, 3, [1, 2, 3]));
        Assert.Equal([2, 4], Pick(new ImageSizing(1, 2) { Bilinear = false }, 1, 4, [1, 2, 3, 4]));
    }

    [Fact]
    public void Cropping_covers_the_size_and_cuts_both_sides()
    {
        Assert.Equal([2, 3], Pick(new ImageSizing(1, 2) { Fit = ImageFit.Crop, Bilinear = false }, 1, 4, [1, 2, 3, 4]));
        Assert.Equal([1f, 3f], Mix(new ImageSizing(1, 2) { Fit = ImageFit.Crop }, 2, 4, [0, 1, 2, 3, 1, 2, 3, 4]));

        // 4×8 with its shorter side at 2 is 2×4, of which the middle 2×2 is taken.
        float[] ramp = [.. Enumerable.Range(0, 32).Select(static i => (float)(i % 8))];
        Assert.Equal([2.5f, 4.5f, 2.5f, 4.5f], Mix(new ImageSizing(2, 2) { Fit = ImageFit.Crop, ShorterSide = 2 }, 4, 8, ramp));
    }

    [Fact]
    public void Padding_keeps_everything_and_fills_what_is_free() =>
        Assert.Equal([9, 9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 4, 9, 9, 9, 9], Pick(new ImageSizing(4, 4) { Fit = ImageFit.Pad, Fill = 9, Bilinear = false }, 1, 4, [1, 2, 3, 4]));

    [Theory]
    [InlineData(ImageFit.Stretch)]
    [InlineData(ImageFit.Crop)]
    [InlineData(ImageFit.Pad)]
    public void One_colour_stays_one_colour_whatever_the_sizes(ImageFit fit)
    {
        Random random = new(5);
        for (int i = 0; i < 300; i++)
        {
            (int height, int width) = (random.Next(1, 40), random.Next(1, 40));
            ImageSizing sizing = new(random.Next(1, 40), random.Next(1, 40)) { Fit = fit, Antialias = random.Next(2) == 0, Fill = fit == ImageFit.Pad ? 3 : 0 };
            Assert.All(Mix(sizing, height, width, [.. Enumerable.Repeat(3f, height * width)]), static value => Assert.Equal(3f, value, 1e-5f));
        }
    }

    [Fact]
    public void A_hair_of_an_image_is_cut_without_counting_beyond_what_can_be_counted()
    {
        float[] mixed = Mix(new ImageSizing(16_000, 1) { Fit = ImageFit.Crop, ShorterSide = 16_000 }, 1, 300_000, [.. Enumerable.Repeat(1f, 300_000)]);
        Assert.All(mixed, static value => Assert.Equal(1f, value, 1e-5f));
    }

    private static float[] Mix(ImageSizing sizing, int height, int width, float[] image)
    {
        float[] into = new float[sizing.Height * sizing.Width];
        new Resampler(sizing, height, width).Mix<float>(image, 1, into);
        return into;
    }

    private static int[] Pick(ImageSizing sizing, int height, int width, int[] image)
    {
        int[] into = new int[sizing.Height * sizing.Width];
        new Resampler(sizing, height, width).Pick<int>(image, 1, into);
        return into;
    }

    private sealed class Near(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(float obj) => 0;
    }
}
