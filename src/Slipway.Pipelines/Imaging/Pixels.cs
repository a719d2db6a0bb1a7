namespace Slipway.Pipelines.Imaging;

/// <summary>A decoded image: 8 bits for each channel, rows from the top, channels side by side.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Samples">The samples, <c>Height · Width · Channels</c>.</param>
internal sealed record Pixels(int Width, int Height, int Channels, byte[] Samples)
{
    /// <summary>The same image with so many channels. Grey is repeated; grey of a colour is 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), in 16 bits of fraction.</summary>
    public Pixels With(int channels)
    {
        if (channels == Channels)
        {
            return this;
        }

        byte[] samples = new byte[Width * Height * channels];
        if (channels == 3)
        {
            for (int i = 0; i < Samples.Length; i++)
            {
                samples.AsSpan(3 * i, 3).Fill(Samples[i]);
            }
        }
        else
        {
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = (byte)(((Samples[3 * i] * 19595) + (Samples[(3 * i) + 1] * 38470) + (Samples[(3 * i) + 2] * 7471) + 0x8000) >> 16);
            }
        }

        return new Pixels(Width, Height, channels, samples);
    }
}
